// A pace as it is typed in, and what the server takes. Pure.

import type { Pace } from "../../../domain";
import { count } from "../../../format";
import { wholeNumberIn } from "../../../ui/form/number-text";

export interface PaceDraft {
  /** Empty: no pace. */
  starts: string;
  /** In that many seconds. */
  perS: string;
  /** Empty: 1. */
  burst: string;
}

export interface PaceErrors {
  starts?: string;
  burst?: string;
}

export const NO_PACE: PaceDraft = { starts: "", perS: "1", burst: "" };

/** The most starts, and the largest burst, that the API takes. */
const MOST_STARTS = 10_000;

export function paceDraftOf(pace: Pace | null): PaceDraft {
  if (pace === null) return NO_PACE;
  const { starts, per_s, burst = 1 } = pace;
  return { starts: String(starts), perS: String(per_s), burst: burst === 1 ? "" : String(burst) };
}

export function paceErrors({ starts, burst }: PaceDraft): PaceErrors {
  const errors: PaceErrors = {};
  if (starts.trim() === "") {
    if (burst.trim() !== "") errors.starts = "Enter how many calls may start, or clear the burst.";
    return errors;
  }
  const [ofStarts, ofBurst] = [startsError(starts), burst.trim() === "" ? "" : startsError(burst)];
  if (ofStarts !== "") errors.starts = ofStarts;
  if (ofBurst !== "") errors.burst = ofBurst;
  return errors;
}

function startsError(text: string): string {
  const number = wholeNumberIn(text);
  if (number === undefined || number === 0) return "Enter a whole number from 1.";
  return number > MOST_STARTS ? `The maximum is ${count(MOST_STARTS)}.` : "";
}

/** A draft without errors as the API takes it. */
export function paceOf({ starts, perS, burst }: PaceDraft): Pace | null {
  const number = wholeNumberIn(starts);
  if (number === undefined) return null;
  return { starts: number, per_s: Number(perS), burst: wholeNumberIn(burst) ?? 1 };
}

export function isSamePace(one: PaceDraft, other: PaceDraft): boolean {
  return one.starts === other.starts && one.perS === other.perS && one.burst === other.burst;
}

const SPANS: readonly { perS: number; label: string }[] = [
  { perS: 1, label: "a second" },
  { perS: 10, label: "every 10 s" },
  { perS: 60, label: "a minute" },
  { perS: 3_600, label: "an hour" },
  { perS: 86_400, label: "a day" },
];

/** The spans that can be chosen, with the one that is. */
export function spanChoices(perS: string): { value: string; label: string }[] {
  const choices = SPANS.map((span) => ({ value: String(span.perS), label: span.label }));
  if (choices.some(({ value }) => value === perS)) return choices;
  return [...choices, { value: perS, label: `every ${count(Number(perS))} s` }];
}
