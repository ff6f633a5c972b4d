// A webhook as it is typed in, and what the server takes. Pure.

import type { Webhook, WebhookCreate } from "../../api/named";
import { CALL_TYPES, type CallType, ID_PATTERN } from "../../domain";

export interface WebhookDraft {
  url: string;
  /** Whether it gets all events, also those that come with newer servers. */
  isAll: boolean;
  events: readonly string[];
  types: readonly CallType[];
  /** Ids, with commas or spaces between them; empty: all. */
  agents: string;
  gates: string;
  description: string;
  claims: boolean;
}

export type WebhookErrors = Partial<
  Record<"url" | "events" | "types" | "agents" | "gates", string>
>;

export const EVENTS = [
  "call.queued",
  "call.started",
  "call.ended",
  "reservations.changed",
  "limit.changed",
  "agent.changed",
  "type.changed",
  "gate.changed",
  "alert.opened",
  "alert.closed",
] as const;

const MOST_IDS = 100;
const MOST_URL = 2_000;

export const NEW_WEBHOOK: WebhookDraft = {
  url: "",
  isAll: false,
  events: ["call.started"],
  types: CALL_TYPES,
  agents: "",
  gates: "",
  description: "",
  claims: true,
};

export function draftOf(webhook: Webhook): WebhookDraft {
  const { url, events, types, agents, gates, description, claims } = webhook;
  const isAll = events.includes("*");
  return {
    url,
    isAll,
    events: isAll ? [] : events,
    types: types ?? CALL_TYPES,
    agents: (agents ?? []).join(", "),
    gates: (gates ?? []).join(", "),
    description: description ?? "",
    claims,
  };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors({ url, isAll, events, types, agents, gates }: WebhookDraft) {
  const errors: WebhookErrors = {};
  const wrongUrl = urlError(url.trim());
  if (wrongUrl !== undefined) errors.url = wrongUrl;
  if (!isAll && events.length === 0) errors.events = "Choose at least one event.";
  if (types.length === 0) errors.types = "Choose at least one type.";
  const [wrongAgents, wrongGates] = [idsError(agents), idsError(gates)];
  if (wrongAgents !== undefined) errors.agents = wrongAgents;
  if (wrongGates !== undefined) errors.gates = wrongGates;
  return errors;
}

function urlError(text: string): string | undefined {
  if (text === "") return "Enter the address to send events to.";
  if (text.length > MOST_URL) return "It is too long.";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol)) {
    return "Enter an address that begins with https:// or http://.";
  }
  if (url.username !== "" || url.password !== "" || url.hash !== "") {
    return "It may have no user, no password and no # part.";
  }
  return undefined;
}

function idsError(text: string): string | undefined {
  const ids = idsIn(text);
  if (ids.length > MOST_IDS) return `At most ${MOST_IDS} ids.`;
  const wrong = ids.find((id) => !ID_PATTERN.test(id));
  return wrong === undefined ? undefined : `"${wrong}" is no id.`;
}

function idsIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((id) => id !== "");
}

/** A draft without errors as the API takes it; null where it gets all. */
export function bodyFor(draft: WebhookDraft): WebhookCreate {
  const some = <T>(all: readonly T[]) => (all.length === 0 ? null : [...all]);
  const { url, isAll, events, types, agents, gates, description, claims } = draft;
  return {
    url: url.trim(),
    events: isAll ? ["*"] : [...events],
    types: types.length === CALL_TYPES.length ? null : [...types],
    agents: some(idsIn(agents)),
    gates: some(idsIn(gates)),
    description: description.trim() === "" ? null : description.trim(),
    claims,
  };
}
