import { Webhook as Official } from "standardwebhooks";
import { expect, test } from "vitest";
import { Webhook, WebhookError } from "../src/webhook.js";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const body = '{"type":"call.started","data":{"call":{"id":"ähm"}}}';

function signed(at = new Date(), by = secret): Record<string, string> {
  return {
    "webhook-id": "msg_1",
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": new Official(by).sign("msg_1", at, body),
  };
}

test("what the official package signs is right, as text and as bytes, by any kind of headers", async () => {
  const webhook = new Webhook(secret);
  expect(await webhook.verify(body, signed())).toEqual(JSON.parse(body));
  expect(await webhook.verify(new TextEncoder().encode(body), new Headers(signed()))).toBeTruthy();
  const { "webhook-id": id, ...rest } = signed();
  expect(await webhook.verify(body, { ...rest, "Webhook-Id": id })).toBeTruthy();
});

test("the official package takes what this one signs", async () => {
  const at = Math.floor(Date.now() / 1000);
  const signature = await new Webhook(secret).sign("msg_2", at, body);
  const headers = {
    "webhook-id": "msg_2",
    "webhook-timestamp": String(at),
    "webhook-signature": signature,
  };
  expect(new Official(secret).verify(body, headers)).toEqual(JSON.parse(body));
});

test("while a secret is rotated, either side may have both", async () => {
  const other = `whsec_${btoa("another secret of 24 byte")}`;
  const both = signed();
  both["webhook-signature"] =
    `v1a,AAAA v1,AAAA ${signed(new Date(), other)["webhook-signature"]} ${both["webhook-signature"]}`;
  expect(await new Webhook(secret).verify(body, both)).toBeTruthy();
  expect(await new Webhook(other, secret).verify(body, signed())).toBeTruthy();
});

test.each([
  ["another body", `${body} `, signed()],
  ["another id", body, { ...signed(), "webhook-id": "msg_9" }],
  ["another secret", body, signed(new Date(), `whsec_${btoa("another secret of 24 byte")}`)],
  ["an old time", body, signed(new Date(Date.now() - 301_000))],
  ["a time to come", body, signed(new Date(Date.now() + 302_000))],
  ["no time", body, { ...signed(), "webhook-timestamp": "now" }],
  ["no signature", body, { ...signed(), "webhook-signature": "" }],
  [
    "another version",
    body,
    { ...signed(), "webhook-signature": signed()["webhook-signature"]?.replace("v1", "v2") },
  ],
  ["no header", body, {}],
])("%s is refused, by both", async (_, text, headers) => {
  await expect(new Webhook(secret).verify(text, headers)).rejects.toBeInstanceOf(WebhookError);
  expect(() => new Official(secret).verify(text, headers as Record<string, string>)).toThrow();
});

test("a message just within five minutes is right", async () => {
  const webhook = new Webhook(secret);
  expect(await webhook.verify(body, signed(new Date(Date.now() - 295_000)))).toBeTruthy();
});

test("a secret that is none is refused at once", () => {
  expect(() => new Webhook("whsec_")).toThrow(WebhookError);
});
