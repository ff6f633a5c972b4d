// Answers in the server's place for addresses that it does not have yet: webhooks, alerts and the audit. Shapes are checked against the
// types that the pages use.

import type { BrowserContext } from "playwright-core";
import type { Alert, AuditEntry, Delivery, Webhook, WebhookTested } from "../src/api/to-come";

const AT = "2026-11-24T14:03:21Z";

const ALERT: Alert = {
  id: "busy",
  rule: { when: "utilization", above: 85, for_s: 300 },
  open: { opened_at: AT, closed_at: null, value: 92.4, event: 12 },
  past: [
    { opened_at: "2026-11-23T09:00:00Z", closed_at: "2026-11-23T09:12:00Z", value: 88, event: 3 },
  ],
};

const CHANGE: AuditEntry = {
  seq: 7,
  at: AT,
  actor: { kind: "session", id: "key_1", name: "Ada" },
  action: "reservations.changed",
  object: null,
  before: { of: "reservations", version: 3, reservations: [{ agent: "support", chat: 2 }] },
  after: { of: "reservations", version: 4, reservations: [{ agent: "support", chat: 6 }] },
  version: 4,
  event: 12,
};

const WEBHOOK: Webhook = {
  id: "wh_1",
  url: "https://example.com/callslot",
  events: ["call.started", "call.ended"],
  agents: null,
  types: null,
  gates: null,
  description: "The dialler",
  claims: true,
  state: "failing",
  disabled_because: null,
  old_secret_until: null,
  created_at: AT,
  last_success_at: AT,
  last_failure: { at: AT, status: 503, cause: "the receiver is busy" },
  behind: 12,
  missed: 0,
};

const DELIVERY: Delivery = {
  id: "msg_1",
  event: "call.started",
  seq: 41,
  attempt: 2,
  at: AT,
  outcome: "failed",
  status: 503,
  duration_ms: 120,
  bytes: 1_240,
  cause: "the receiver is busy",
  next_attempt_at: "2026-11-24T14:08:21Z",
};

const TESTED: WebhookTested = {
  taken: true,
  status: 200,
  duration_ms: 12,
  cause: null,
  body: "ok",
};

const all = <T>(...items: T[]) => ({ items, next: null });

const ANSWERS: Readonly<Record<string, unknown>> = {
  "GET /v1/alerts": all(ALERT),
  "GET /v1/audit": all(CHANGE),
  "POST /v1/audit/7/revert": {},
  "GET /v1/webhooks": all(WEBHOOK),
  "POST /v1/webhooks": { ...WEBHOOK, secret: "whsec_c2VjcmV0" },
  "GET /v1/webhooks/wh_1/deliveries": all(DELIVERY),
  "POST /v1/webhooks/wh_1/redeliver": {},
  "POST /v1/webhooks/wh_1/test": TESTED,
};

/** Answers what the server does not have; says which changes it was asked for. */
export async function answerFor(context: BrowserContext): Promise<string[]> {
  const changes: string[] = [];
  await context.route(/\/v1\/(alerts|audit|webhooks)/, (route) => {
    const request = route.request();
    const line = `${request.method()} ${new URL(request.url()).pathname}`;
    if (request.method() !== "GET") changes.push(line);
    const json = ANSWERS[line];
    return json === undefined ? route.fulfill({ status: 404, json: {} }) : route.fulfill({ json });
  });
  return changes;
}
