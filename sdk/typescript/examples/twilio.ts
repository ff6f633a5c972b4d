/**
 * Twilio's webhooks for a telephone number whose calls an AI agent answers, each of which takes a slot: hold music and the caller's
 * position while it waits, voicemail if that takes too long, and its end with the call.
 *
 * In Twilio, the number's "A call comes in" is `POST /voice`, and its "Call status changes" `POST /status`. The environment has
 * `CALLSLOT_URL`, `CALLSLOT_KEY`, `TWILIO_AUTH_TOKEN`, `PUBLIC_URL` (how Twilio reaches this program) and `AGENT_STREAM`, the
 * `wss:` address of the agent's media stream.
 */
import { createServer, type IncomingMessage } from "node:http";
import { type Call, Callslot, ProblemError } from "callslot";
import twilio from "twilio";

const { TWILIO_AUTH_TOKEN = "", PUBLIC_URL = "", AGENT_STREAM = "", PORT = "3000" } = process.env;
/** How long a caller waits before voicemail takes over, in seconds. */
const MAX_WAIT_S = 180;
/** How long Twilio plays before it asks again whether the call has its slot, in seconds. */
const HOLD_S = 5;

const slots = Callslot.fromEnv();
/** By Twilio's `CallSid`, which is the call's id too: a webhook that Twilio repeats takes no second slot. */
const calls = new Map<string, Call>();

/** The TwiML for a call, each time Twilio asks. */
async function voice(sid: string, from: string): Promise<string> {
  const response = new twilio.twiml.VoiceResponse();
  const call = calls.get(sid) ?? (await begin(sid, from));
  if (call.state === "active") {
    response.connect().stream({ url: AGENT_STREAM });
  } else if (call.state === "queued") {
    const position = call.view?.position;
    if (position) response.say(`You are number ${position} in line.`);
    response.pause({ length: HOLD_S });
    response.redirect({ method: "POST" }, `${PUBLIC_URL}/voice`);
  } else {
    response.say("All our lines are busy. Please leave a message after the tone.");
    response.record({ maxLength: 120, playBeep: true });
  }
  return response.toString();
}

async function begin(sid: string, from: string): Promise<Call> {
  const options = { id: sid, maxWaitS: MAX_WAIT_S, metadata: { from } };
  const call = await slots.start("support", "inbound", options).catch((error) => {
    // The process before this one started it.
    if (error instanceof ProblemError && error.code === "held_by_other_lease")
      return slots.adopt(sid);
    throw error;
  });
  calls.set(sid, call);
  call.lost.addEventListener("abort", () => console.log(`${sid}: ${call.lost.reason}`));
  return call;
}

/** The caller has hung up, in line or while talking. */
async function end(sid: string, status: string): Promise<void> {
  await calls.get(sid)?.end({ note: `twilio: ${status}` });
  calls.delete(sid);
}

async function form(request: IncomingMessage): Promise<Record<string, string>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString()));
}

const server = createServer(async (request, response) => {
  try {
    const fields = await form(request);
    const signature = String(request.headers["x-twilio-signature"]);
    const address = `${PUBLIC_URL}${request.url}`;
    if (!twilio.validateRequest(TWILIO_AUTH_TOKEN, signature, address, fields)) {
      response.writeHead(403).end();
      return;
    }
    const { CallSid = "", From = "", CallStatus = "" } = fields;
    if (request.url === "/status") {
      await end(CallSid, CallStatus);
      response.writeHead(204).end();
    } else {
      const twiml = await voice(CallSid, From);
      response.writeHead(200, { "content-type": "text/xml" }).end(twiml);
    }
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});

server.listen(Number(PORT), () => console.log(`listening on ${PORT}`));

// On a deployment the calls that go on keep their slots for the lease's time, in which the next process takes them up by their ids.
process.once("SIGTERM", async () => {
  server.close();
  await slots.close({ keepCalls: true });
});
