// An organisation as it is being typed, and what of it is sent.

import type { components } from "../../api/schema";
import { CALL_TYPES, type CallType, ID_PATTERN, MOST_CALLS, type Org } from "../../domain";
import { count, duration } from "../../format";
import { wholeNumberIn } from "../../ui/form/number-text";

type OrgCreate = components["schemas"]["OrgCreate"];
type OrgPatch = components["schemas"]["OrgPatch"];

/** The text of the fields. An empty one means the default. */
export interface OrgDraft {
  id: string;
  name: string;
  plan: string;
  limitOverride: string;
  maxCallDurationS: string;
  maxQueued: string;
  maxWaitS: Record<CallType, string>;
}

export type DraftProblems = Partial<Record<Exclude<keyof OrgDraft, "maxWaitS"> | CallType, string>>;

const MAX_DURATION_S = 31_536_000;
const MAX_WAIT_S = 2_592_000;

/** An organisation that is to be. */
export function newDraft(plan: string): OrgDraft {
  const maxWaitS = { webcall: "", chat: "", outbound: "", inbound: "" };
  return {
    id: "",
    name: "",
    plan,
    limitOverride: "",
    maxCallDurationS: "",
    maxQueued: "",
    maxWaitS,
  };
}

/** An organisation as it is. */
export function draftOf(org: Org): OrgDraft {
  const wait = (type: CallType) => text(org.max_wait_s[type]);
  return {
    id: org.id,
    name: org.name,
    plan: org.plan,
    limitOverride: text(org.limit_override),
    maxCallDurationS: text(org.max_call_duration_s),
    maxQueued: text(org.max_queued),
    maxWaitS: {
      webcall: wait("webcall"),
      chat: wait("chat"),
      outbound: wait("outbound"),
      inbound: wait("inbound"),
    },
  };
}

/** What is wrong with a draft, by field. `isNew`: fields that are left empty are the server's to fill. */
export function problemsOf(draft: OrgDraft, isNew: boolean): DraftProblems {
  const problems: DraftProblems = {};
  const check = (field: keyof DraftProblems, value: string, most: number, mayBeEmpty: boolean) => {
    const problem = numberProblem(value, most, mayBeEmpty);
    if (problem !== undefined) problems[field] = problem;
  };
  if (draft.name.trim() === "") problems.name = "An organisation has a name.";
  if (isNew && draft.id.trim() !== "" && !ID_PATTERN.test(draft.id.trim())) {
    problems.id = "Up to 64 letters, digits, and - _ . :";
  }
  if (draft.plan === "") problems.plan = "An organisation is on a plan. Create one first.";
  check("limitOverride", draft.limitOverride, MOST_CALLS, true);
  check("maxCallDurationS", draft.maxCallDurationS, MAX_DURATION_S, isNew);
  check("maxQueued", draft.maxQueued, MOST_CALLS, isNew);
  for (const type of CALL_TYPES) check(type, draft.maxWaitS[type], MAX_WAIT_S, true);
  return problems;
}

function numberProblem(value: string, most: number, mayBeEmpty: boolean): string | undefined {
  if (value.trim() === "") return mayBeEmpty ? undefined : "A number is missing.";
  const number = wholeNumberIn(value);
  return number === undefined || number > most
    ? `A whole number from 0 to ${count(most)}.`
    : undefined;
}

/** What creates the organisation of a draft without problems. */
export function createOf(draft: OrgDraft): OrgCreate {
  const create: OrgCreate = { name: draft.name.trim(), plan: draft.plan };
  if (draft.id.trim() !== "") create.id = draft.id.trim();
  const limit = wholeNumberIn(draft.limitOverride);
  if (limit !== undefined) create.limit_override = limit;
  const duration = wholeNumberIn(draft.maxCallDurationS);
  if (duration !== undefined) create.max_call_duration_s = duration;
  const queued = wholeNumberIn(draft.maxQueued);
  if (queued !== undefined) create.max_queued = queued;
  const waits = Object.fromEntries(
    CALL_TYPES.flatMap((type) => {
      const wait = wholeNumberIn(draft.maxWaitS[type]);
      return wait === undefined ? [] : [[type, wait]];
    }),
  );
  if (Object.keys(waits).length > 0) create.max_wait_s = waits;
  return create;
}

/** What changes the organisation into that of a draft without problems; undefined when nothing does. */
export function patchOf(org: Org, draft: OrgDraft): OrgPatch | undefined {
  const patch: OrgPatch = {};
  if (draft.name.trim() !== org.name) patch.name = draft.name.trim();
  if (draft.plan !== org.plan) patch.plan = draft.plan;
  const limit = wholeNumberIn(draft.limitOverride) ?? null;
  if (limit !== (org.limit_override ?? null)) patch.limit_override = limit;
  const duration = wholeNumberIn(draft.maxCallDurationS);
  if (duration !== undefined && duration !== org.max_call_duration_s) {
    patch.max_call_duration_s = duration;
  }
  const queued = wholeNumberIn(draft.maxQueued);
  if (queued !== undefined && queued !== org.max_queued) patch.max_queued = queued;
  const waits = Object.fromEntries(
    CALL_TYPES.flatMap((type) => {
      const wait = wholeNumberIn(draft.maxWaitS[type]) ?? null;
      return wait === (org.max_wait_s[type] ?? null) ? [] : [[type, wait]];
    }),
  );
  if (Object.keys(waits).length > 0) patch.max_wait_s = waits;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** What a number of seconds means, where 0 is `zero` and nothing is `empty`. */
export function secondsInWords(value: string, zero: string, empty: string): string {
  if (value.trim() === "") return empty;
  const seconds = wholeNumberIn(value);
  if (seconds === undefined) return "";
  return seconds === 0 ? zero : duration(seconds * 1000);
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}
