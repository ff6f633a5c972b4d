// An agent as it is typed in, and what the server takes.

import type { components } from "../../api/schema";
import type { Agent } from "../../domain";

export interface AgentDraft {
  id: string;
  name: string;
  /** Empty: no cap. */
  cap: string;
}

export type DraftErrors = Partial<Record<keyof AgentDraft, string>>;
export type AgentPut = components["schemas"]["AgentPut"];

export const NEW_AGENT: AgentDraft = { id: "", name: "", cap: "" };

// As the OpenAPI document has them.
const ID = /^[A-Za-z0-9_.:-]+$/;
const ID_LENGTH = 64;
const NAME_LENGTH = 200;
const MOST = 10_000_000;

/** The draft of an agent that is. */
export function draftOf({ id, name, cap }: Agent): AgentDraft {
  return { id, name, cap: cap === null ? "" : String(cap) };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors(draft: AgentDraft): DraftErrors {
  const errors: DraftErrors = {};
  const id = idError(draft.id);
  const name = nameError(draft.name);
  const cap = capError(draft.cap.trim());
  if (id !== undefined) errors.id = id;
  if (name !== undefined) errors.name = name;
  if (cap !== undefined) errors.cap = cap;
  return errors;
}

/** A draft without errors as the API takes it. */
export function putOf({ name, cap }: AgentDraft): AgentPut {
  return { name, cap: cap.trim() === "" ? null : Number(cap.trim()) };
}

function idError(id: string): string | undefined {
  if (id === "") return "Type an id.";
  if (id.length > ID_LENGTH) return `It has ${id.length} characters; ${ID_LENGTH} are the most.`;
  if (!ID.test(id)) return "Only letters A to Z, digits and - _ . : are allowed, no spaces.";
  return undefined;
}

function nameError(name: string): string | undefined {
  if (name.trim() === "") return "Type a name.";
  // As the server counts them.
  const length = [...name].length;
  if (length > NAME_LENGTH) return `It has ${length} characters; ${NAME_LENGTH} are the most.`;
  if (/\p{Cc}/u.test(name)) return "Control characters are not allowed.";
  return undefined;
}

function capError(cap: string): string | undefined {
  if (cap === "") return undefined;
  if (!/^[0-9]+$/.test(cap)) return "Type a whole number, or leave it empty for no cap.";
  if (Number(cap) > MOST) return `${MOST.toLocaleString("en-GB")} is the most.`;
  return undefined;
}
