/** What is tried on each runtime: the stream with its key, waiting, giving up, an event, a webhook. Throws what is wrong. */
import { Callslot } from "../../dist/index.js";
import { Webhook } from "../../dist/webhook.js";

/** How commands travelled: `stream` or `http`. The organisation's limit must be 1. */
export async function smoke(url, key) {
  const slots = new Callslot({ url, key });
  const { as_of } = await slots.settings.pool();
  const first = await slots.call("support", "inbound", { metadata: { at: "smoke" } });
  const { transport } = slots;
  const positions = [];
  const second = slots.call("sales", "chat", { onPosition: (it) => positions.push(it.position) });
  const stop = new AbortController();
  const given = slots.call("sales", "chat", { signal: stop.signal }).catch((error) => error);
  while ((await slots.settings.pool()).queued < 2)
    await new Promise((done) => setTimeout(done, 10));
  stop.abort(new Error("given up"));
  if ((await given).message !== "given up") throw new Error("it was not given up");
  await first.end();
  const held = await second;
  if (positions[0] !== 1) throw new Error(`the position was ${positions}`);
  await held[Symbol.asyncDispose]();
  for await (const event of slots.events({ after: as_of })) {
    if (event.event !== "call.queued" && event.event !== "call.started")
      throw new Error(event.event);
    break;
  }
  await slots.close();
  const webhook = new Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  const now = Math.floor(Date.now() / 1000);
  const signature = await webhook.sign("msg_1", now, "{}");
  const headers = {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(now),
    "webhook-signature": signature,
  };
  await webhook.verify("{}", headers);
  return transport;
}
