// Has the bridge ask everything that it asks the carrier's API, which Prism plays after Twilio's own description of it, and looks at how that
// went: `node carrier.mjs BRIDGE PUBLIC_URL TOKEN NUMBER METRICS SERVER KEY`.
import twilio from "twilio";

const [bridge, publicUrl, token, number, metrics, server, key] = process.argv.slice(2);
const { getExpectedTwilioSignature } = twilio;

async function tell(path, fields) {
  const answer = await fetch(`${bridge}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "x-twilio-signature": getExpectedTwilioSignature(token, `${publicUrl}${path}`, fields),
    },
    body: new URLSearchParams(fields),
  });
  return answer.text();
}

async function api(method, path, body) {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  const answer = await fetch(`${server}${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text;
}

// One has the only slot, the other waits with music: the end of the one turns the other.
const [one, other] = ["CA000000000000000000000000000000c1", "CA000000000000000000000000000000c2"];
const call = (CallSid) => ({ CallSid, From: "+4917012345", To: number });
await api("PUT", "/v1/agents/support", { name: "Support", cap: 1 });
await tell("/voice", call(one));
const waits = await tell("/voice", call(other));
if (!waits.includes("<Play>")) throw new Error(`it does not wait: ${waits}`);
await tell("/status", { CallSid: one, CallStatus: "completed" });
await until("turn");
const connected = await tell(`/turn?call=${other}`, call(other));
if (!connected.includes("<Stream")) throw new Error(`it is not connected: ${connected}`);
// An operator ends it: the carrier is to hang up.
await api("POST", `/v1/calls/${other}/end`);
await until("hang_up");
// A call of an agent has its slot: the carrier is to dial.
const metadata = { number: "+4917099999" };
await api("POST", "/v1/calls", { id: "row-1", agent: "sales", type: "outbound", claim_within_s: 30, metadata });
await until("dial");
// Silence: the carrier is asked.
await until("status");

async function until(asked) {
  for (let tries = 0; tries < 300; tries += 1) {
    const page = await (await fetch(metrics)).text();
    const failed = page.split("\n").find((line) => line.includes('outcome="failed"'));
    if (failed) throw new Error(`the description of the API does not allow it: ${failed}`);
    if (page.includes(`asked="${asked}",outcome="done"`)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the carrier was not asked: ${asked}`);
}
console.log("Prism, after Twilio's description of its API, takes all that the bridge asks: turn, hang_up, dial, status");
