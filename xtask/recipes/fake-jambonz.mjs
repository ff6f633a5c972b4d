// A jambonz that is none: it calls an application's webhooks as its documentation says, and follows the verbs of the answers.
//
// jambonz's own schemas judge what is sent (`@jambonz/schema`, its callbacks), its own validators what comes back (that package's, and
// `@jambonz/verb-specifications`, which its feature server uses), and its own SDK the signatures. Time passes ten times as fast.
import { createHmac, randomUUID } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";

import { WebhookResponse } from "@jambonz/sdk/webhook";
import verbSpecifications from "@jambonz/verb-specifications";
import Ajv from "ajv";

const require = createRequire(import.meta.url);
const schema = require("@jambonz/schema");
const callbacks = new URL("./callbacks/", `file://${require.resolve("@jambonz/schema")}`);
const ajv = new Ajv({ strict: false, validateSchema: false });
for (const file of readdirSync(callbacks)) ajv.addSchema(JSON.parse(readFileSync(new URL(file, callbacks), "utf8")));

const quiet = { info() {}, debug() {}, error() {} };
const ACCOUNT = randomUUID();
/** What a verb's second takes here, and the pause before each question about one who waits, in milliseconds. */
const SECOND = 100;
const SILENCE = 50;
/** What an answer to the question about one who waits may have. */
const WHILE_WAITING = ["say", "play", "pause", "leave", "tag"];

const from = (kind, body) => {
  const judge = ajv.getSchema(`https://jambonz.org/schema/callbacks/${kind}`);
  if (!judge(body)) throw new Error(`${kind}: ${JSON.stringify(judge.errors)}`);
  return body;
};

/** Where the application is, its secret, and who answers when dialled. `lost` are the messages at the end that never arrive. */
export class Jambonz {
  constructor(url, secret, lines) {
    Object.assign(this, { url, secret, lines, talk: 300, lost: undefined, faults: [] });
  }

  /** Calls a webhook. */
  async post(path, body, secret = this.secret) {
    const text = JSON.stringify(body);
    const t = Math.floor(Date.now() / 1000);
    const signature = createHmac("sha256", secret).update(`${t}.${text}`).digest("hex");
    const headers = { "content-type": "application/json", "jambonz-signature": `t=${t},v1=${signature}` };
    if (secret === this.secret) {
      WebhookResponse.verifySignature(secret)({ headers, body: text }, undefined, (error) => {
        if (error) throw error;
      });
    }
    return fetch(this.url + path, { method: "POST", headers, body: text, signal: AbortSignal.timeout(10_000) });
  }

  /** Calls a webhook that answers with verbs. */
  async ask(path, body) {
    const answer = await this.post(path, body);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    const verbs = await answer.json();
    verbSpecifications.validate(quiet, verbs);
    schema.validate(quiet, verbs);
    const { valid, errors } = schema.validateApp(verbs);
    if (!valid) throw new Error(`${path}: ${JSON.stringify(errors)}`);
    return verbs;
  }

  /** Somebody calls a number. */
  call(to) {
    const caller = new Caller(this, to);
    caller.over = caller.follow().catch((fault) => this.faults.push(fault));
    return caller;
  }
}

class Caller {
  constructor(jambonz, to) {
    Object.assign(this, { jambonz, to, sid: randomUUID(), gone: new AbortController(), path: [], heard: [], dialledAt: undefined });
  }

  hangUp() {
    this.gone.abort();
  }

  base(call_status, sip_status, sip_reason) {
    return {
      call_sid: this.sid, direction: "inbound", from: "+4930777", to: this.to, call_id: `${this.sid}@10.0.0.1`, sbc_callid: this.sid,
      sip_status, sip_reason, call_status, account_sid: ACCOUNT, trace_id: "0", application_sid: ACCOUNT,
    };
  }

  talking() {
    return this.base("in-progress", 200, "OK");
  }

  /** Time passes, or the caller hangs up. */
  async pass(ms) {
    await sleep(ms, undefined, { signal: this.gone.signal }).catch(() => {});
  }

  async status(body) {
    const { status } = await this.jambonz.post("/status", from("call-status", body));
    if (status !== 204 && status !== 200) throw new Error(`/status: ${status}`);
  }

  async follow() {
    const invite = { caller_name: "", defaults: {}, sip: { method: "INVITE", headers: {} } };
    await this.status(this.base("trying", 100, "Trying"));
    let verbs = await this.jambonz.ask("/call", from("session-new", { ...this.base("trying", 100, "Trying"), ...invite }));
    while (verbs.length > 0 && !this.gone.signal.aborted) {
      const [verb, ...rest] = verbs;
      verbs = (await this.carryOut(verb)) ?? rest;
    }
    const ended = this.path.at(-1) === "declined" ? this.base("failed", 404, "Not Found") : this.base("completed", 200, "OK");
    if (this.jambonz.lost === "status") return;
    await this.status({ ...ended, duration: 1, call_termination_by: this.gone.signal.aborted ? "caller" : "jambonz" });
  }

  /** What a verb leads to: other verbs in the place of the rest, or nothing. */
  async carryOut(verb) {
    switch (verb.verb) {
      case "dial": return this.dial(verb);
      case "enqueue": return this.enqueue(verb);
      case "hangup": return [];
      case "sip:decline":
        this.path.push("declined");
        return [];
      case "say":
      case "play": return this.hear(verb);
      default: throw new Error(`${verb.verb} is not known here`);
    }
  }

  async hear({ verb, text, timeoutSecs }) {
    this.heard.push(text ?? verb);
    await this.pass(verb === "say" ? SECOND : timeoutSecs * SECOND);
  }

  async dial({ target: [target], actionHook }) {
    const line = target.sipUri ?? target.number;
    this.path.push(line);
    this.dialledAt ??= Date.now();
    // The other leg has a status of its own.
    const leg = { ...this.talking(), call_sid: randomUUID(), direction: "outbound", parent_call_sid: this.sid, to: line };
    const answers = this.jambonz.lines[line];
    await this.status({ ...leg, call_status: answers ? "in-progress" : "no-answer", sip_status: answers ? 200 : 487 });
    await this.pass(answers ? this.jambonz.talk : 200);
    if (answers) await this.status({ ...leg, call_status: "completed", duration: 1 });
    const result = { dial_call_status: answers ? "completed" : "no-answer", dial_sip_status: answers ? 200 : 487 };
    if (this.jambonz.lost === "actionHook") return [];
    const next = await this.jambonz.ask(actionHook, from("dial", { ...this.talking(), ...result, dial_call_sid: leg.call_sid }));
    return this.gone.signal.aborted ? [] : next;
  }

  async enqueue({ name, waitHook, actionHook }) {
    const queue = { queue_sid: `queue:${ACCOUNT}:${name}`, queue_time: 0 };
    const begun = Date.now();
    let queue_result = "hangup";
    while (queue_result === "hangup" && !this.gone.signal.aborted) {
      await this.pass(SILENCE);
      if (this.gone.signal.aborted) break;
      queue.queue_time = Math.floor((Date.now() - begun) / SECOND);
      const asked = { ...queue, queue_size: 1, queue_position: 0, call_sid: this.sid, call_id: `${this.sid}@10.0.0.1` };
      const verbs = await this.jambonz.ask(waitHook, from("enqueue-wait", asked));
      const wrong = verbs.find(({ verb }) => !WHILE_WAITING.includes(verb));
      if (wrong !== undefined || verbs.length === 0) throw new Error(`${waitHook}: ${JSON.stringify(verbs)}`);
      for (const verb of verbs) {
        if (verb.verb === "leave") {
          queue_result = "leave";
          break;
        }
        await this.hear(verb);
      }
    }
    if (this.jambonz.lost === "actionHook" && queue_result === "hangup") return [];
    const next = await this.jambonz.ask(actionHook, from("enqueue", { ...this.talking(), ...queue, queue_result }));
    return this.gone.signal.aborted ? [] : next;
  }
}
