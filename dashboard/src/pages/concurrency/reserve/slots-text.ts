// A number of slots as people type it. Pure. What is wrong is said to be wrong and stays as it was typed.

import { count } from "../../../format";
import { wholeNumberIn } from "../../../ui/form/number-text";

/** More than any limit, within what the server reads. */
export const MOST_SLOTS = 10_000_000;

export type Typed = { slots: number; wrong?: undefined } | { slots?: undefined; wrong: string };

export function slotsIn(text: string): Typed {
  const typed = text.trim();
  if (typed === "") return { wrong: "Type a number of slots, 0 or more." };
  if (/^[-−–]/.test(typed)) return { wrong: `${typed} is below zero. Type 0 or more.` };
  if (isFraction(typed)) return { wrong: `${typed} is not a whole number of slots.` };
  const slots = wholeNumberIn(typed);
  if (slots === undefined) return { wrong: `“${typed}” is not a number of slots.` };
  if (slots > MOST_SLOTS)
    return { wrong: `More than ${count(MOST_SLOTS)} slots cannot be reserved.` };
  return { slots };
}

/** A point is a fraction's; so is a comma, unless it parts thousands. */
function isFraction(typed: string): boolean {
  return /^\d*[.,]\d+$/.test(typed) && !/^\d{1,3}(,\d{3})+$/.test(typed);
}
