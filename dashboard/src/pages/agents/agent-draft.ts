// An agent as it is typed in, and what the server takes.

import type { components } from "../../api/schema";
import type { Agent } from "../../domain";
import { wholeNumberIn } from "../../ui/form/number-text";
import { capError, idError, nameError } from "../shared/field-errors";
import {
  isSamePace,
  NO_PACE,
  type PaceDraft,
  type PaceErrors,
  paceDraftOf,
  paceErrors,
  paceOf,
} from "../shared/pace/pace-draft";

export interface AgentDraft {
  id: string;
  name: string;
  /** Empty: no cap. */
  cap: string;
  pace: PaceDraft;
}

export type DraftErrors = Partial<Record<"id" | "name" | "cap", string>> & PaceErrors;
export type AgentPut = components["schemas"]["AgentPut"];

export const NEW_AGENT: AgentDraft = { id: "", name: "", cap: "", pace: NO_PACE };

/** The draft of an agent that is. */
export function draftOf({ id, name, cap, pace }: Agent): AgentDraft {
  return { id, name, cap: cap === null ? "" : String(cap), pace: paceDraftOf(pace) };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors(draft: AgentDraft): DraftErrors {
  const errors: DraftErrors = paceErrors(draft.pace);
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
  const isSameText = one.id === other.id && one.name === other.name && one.cap === other.cap;
  return isSameText && isSamePace(one.pace, other.pace);
}

/** A draft without errors as the API takes it. */
export function putOf({ name, cap, pace }: AgentDraft): AgentPut {
  return { name: name.trim(), cap: wholeNumberIn(cap) ?? null, pace: paceOf(pace) };
}
