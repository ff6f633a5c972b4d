// Webhooks, alerts and the audit as the server's document will have them. Once docs/openapi.json has these addresses, `npm run api`
// writes all of this into `schema.d.ts`, and this file goes.

import type { components } from "./schema";

type Now = components["schemas"];

export interface AlertPut {
  when: "utilization" | "oldest_wait" | "queued" | "reservation_full" | "refused";
  agent?: string;
  type?: Now["CallType"];
  gate?: string;
  above: number;
  for_s?: number;
}

export interface AlertSpan {
  opened_at: string;
  closed_at: string | null;
  value: number;
  event: number;
}

export interface Alert {
  id: string;
  rule: AlertPut;
  open: AlertSpan | null;
  past: AlertSpan[];
}

export interface Actor {
  kind: "key" | "session" | "system";
  id: string;
  name: string;
}

export type AuditState = { of: string } & Record<string, unknown>;

export interface AuditEntry {
  seq: number;
  at: string;
  actor: Actor;
  action: string;
  object: string | null;
  before: AuditState | null;
  after: AuditState | null;
  version: number | null;
  event: number | null;
}

export interface WebhookCreate {
  url: string;
  events: string[];
  agents?: string[] | null;
  types?: Now["CallType"][] | null;
  gates?: string[] | null;
  description?: string | null;
  claims?: boolean;
}

export type WebhookPatch = Partial<WebhookCreate> & { enabled?: boolean };

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  agents: string[] | null;
  types: Now["CallType"][] | null;
  gates: string[] | null;
  description: string | null;
  claims: boolean;
  state: "ok" | "failing" | "disabled";
  disabled_because: string | null;
  secret?: string | null;
  old_secret_until: string | null;
  created_at: string;
  last_success_at: string | null;
  last_failure: { at: string; status: number | null; cause: string } | null;
  behind: number;
  missed: number;
}

export interface Delivery {
  id: string;
  event: string;
  seq: number;
  attempt: number;
  at: string;
  outcome: "delivered" | "failed" | "given_up" | "skipped";
  status: number | null;
  duration_ms: number;
  bytes: number;
  cause: string | null;
  next_attempt_at: string | null;
}

export interface WebhookTested {
  taken: boolean;
  status: number | null;
  duration_ms: number;
  cause: string | null;
  body: string;
}

interface PageOf<T> {
  items: T[];
  next?: string | null;
}

type Operation<Answer, Params = unknown, Body = undefined> = {
  parameters: Params;
  responses: { 200: { headers: Record<string, unknown>; content: { "application/json": Answer } } };
} & (Body extends undefined
  ? { requestBody?: never }
  : { requestBody: { content: { "application/json": Body } } });

type Query = { limit?: number; cursor?: string };
type OfId = { path: { id: string } };

export interface PathsToCome {
  "/v1/alerts": { get: Operation<PageOf<Alert>, { query?: Query }> };
  "/v1/alerts/{id}": {
    get: Operation<Alert, OfId>;
    put: Operation<Alert, OfId, AlertPut>;
    delete: Operation<unknown, OfId>;
  };
  "/v1/audit": {
    get: Operation<PageOf<AuditEntry>, { query?: Query & { action?: string; actor?: string } }>;
  };
  "/v1/audit/{seq}/revert": { post: Operation<Now["Pool"], { path: { seq: number } }> };
  "/v1/webhooks": {
    get: Operation<PageOf<Webhook>, { query?: Query }>;
    post: Operation<Webhook, unknown, WebhookCreate>;
  };
  "/v1/webhooks/{id}": {
    get: Operation<Webhook, OfId>;
    patch: Operation<Webhook, OfId, WebhookPatch>;
    delete: Operation<unknown, OfId>;
  };
  "/v1/webhooks/{id}/rotate": { post: Operation<Webhook, OfId> };
  "/v1/webhooks/{id}/test": { post: Operation<WebhookTested, OfId> };
  "/v1/webhooks/{id}/redeliver": {
    post: Operation<unknown, OfId, { after?: number; ids?: string[] }>;
  };
  "/v1/webhooks/{id}/deliveries": {
    get: Operation<PageOf<Delivery>, OfId & { query?: Query }>;
  };
}
