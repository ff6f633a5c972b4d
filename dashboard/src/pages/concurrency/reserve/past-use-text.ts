// What is said of the slots that an agent used in the last week. Pure.

import { counted } from "../../../format";

/** "Used up to 9 slots at once in the last 7 days, over all types." */
export function pastUseText(peak: number): string {
  if (peak === 0) return "Used no slot in the last 7 days.";
  return `Used up to ${counted(peak, "slot")}${peak === 1 ? "" : " at once"} in the last 7 days, over all types.`;
}
