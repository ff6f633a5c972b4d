// Signs requests with Twilio's own library, and has the bridge take them: `node sign.mjs BRIDGE PUBLIC_URL TOKEN NUMBER`.
import twilio from "twilio";

const [bridge, publicUrl, token, number] = process.argv.slice(2);
const { getExpectedTwilioSignature, validateRequest } = twilio;

async function ask(path, fields, signature) {
  const answer = await fetch(`${bridge}${path}`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature },
    body: new URLSearchParams(fields),
  });
  return { status: answer.status, text: await answer.text() };
}

function expect(is, what) {
  if (!is) throw new Error(what);
}

const fields = {
  CallSid: "CA0000000000000000000000000000000a",
  From: "+4917012345",
  To: number,
  CallerName: "Zoë & Söhne <GmbH>",
  Empty: "",
};
for (const [path, signed] of [
  ["/voice", `${publicUrl}/voice`],
  ["/voice?a=1&b=%20x", `${publicUrl}/voice?a=1&b=%20x`],
  ["/voice", publicUrl.replace(/^(https:..[^/]*)/, "$1:443") + "/voice"],
]) {
  const signature = getExpectedTwilioSignature(token, signed, fields);
  expect(validateRequest(token, signature, signed, fields), "Twilio's library does not take its own signature");
  const good = await ask(path, fields, signature);
  expect(good.status === 200 && good.text.includes("<Response>"), `${signed}: ${good.status} ${good.text}`);
  const other = await ask(path, { ...fields, From: "+4917012346" }, signature);
  expect(other.status === 403, `a changed field was taken: ${other.status}`);
  const wrong = await ask(path, fields, getExpectedTwilioSignature("another", signed, fields));
  expect(wrong.status === 403, `another token was taken: ${wrong.status}`);
}
const over = { CallSid: fields.CallSid, CallStatus: "completed" };
const told = await ask("/status", over, getExpectedTwilioSignature(token, `${publicUrl}/status`, over));
expect(told.status === 204, `the status was not taken: ${told.status}`);
console.log("Twilio's library for Node.js signs what the bridge takes, and nothing else is taken");
