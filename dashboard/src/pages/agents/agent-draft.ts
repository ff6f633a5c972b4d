// An agent as it is typed in, and what the server takes.

import type { components } from "../../api/schema";
import { type Agent, ID_PATTERN, MOST_CALLS } from "../../domain";
import { count } from "../../format";
import { wholeNumberIn } from "../../ui/form/number-text";

export interface AgentDraft {
  id: string;
  name: string;
  /** Empty: no cap. */
  cap: string;
}

export type DraftErrors = Partial<Record<keyof AgentDraft, string>>;
export type AgentPut = components["schemas"]["AgentPut"];

export const NEW_AGENT: AgentDraft = { id: "", name: "", cap: "" };

const NAME_LENGTH = 200;

/** The draft of an agent that is. */
export function draftOf({ id, name, cap }: Agent): AgentDraft {
  return { id, name, cap: cap === null ? "" : String(cap) };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors(draft: AgentDraft): DraftErrors {
  const errors: DraftErrors = {};
  const id = idError(draft.id);
  const name = nameError(draft.name);
  const cap = capError(draft.cap);
  if (id !== undefined) errors.id = id;
  if (name !== undefined) errors.name = name;
  if (cap !== undefined) errors.cap = cap;
  return errors;
}

/** Whether two drafts say the same. */
export function isSame(one: AgentDraft, other: AgentDraft): boolean {
  return one.id === other.id && one.name === other.name && one.cap === other.cap;
}

/** An id for an agent of a name: "Après-vente 2" is "apres-vente-2". Empty where nothing of the name can be in an id. */
export function suggestedId(name: string): string {
  const plain = name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const id = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+/, "");
  return id.slice(0, 64).replace(/-+$/, "");
}

/** A draft without errors as the API takes it. */
export function putOf({ name, cap }: AgentDraft): AgentPut {
  return { name: name.trim(), cap: wholeNumberIn(cap) ?? null };
}

function idError(id: string): string | undefined {
  if (id === "") return "Enter an id.";
  return ID_PATTERN.test(id)
    ? undefined
    : "Only 1 to 64 letters A to Z, digits and - _ . : are allowed, no spaces.";
}

function nameError(name: string): string | undefined {
  if (name.trim() === "") return "Enter a name.";
  // As the server counts them.
  const length = [...name].length;
  if (length > NAME_LENGTH) return `It has ${length} characters; the maximum is ${NAME_LENGTH}.`;
  if (/\p{Cc}/u.test(name)) return "Control characters are not allowed.";
  return undefined;
}

function capError(cap: string): string | undefined {
  if (cap.trim() === "") return undefined;
  const number = wholeNumberIn(cap);
  if (number === undefined) return "Enter a whole number, or leave it empty for no cap.";
  return number > MOST_CALLS ? `The maximum is ${count(MOST_CALLS)}.` : undefined;
}
