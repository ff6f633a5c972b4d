import { expect, it } from "vitest";
import { pastUseText } from "./past-use-text";

it("what was used at most is said in slots", () => {
  expect([0, 1, 9].map(pastUseText)).toEqual([
    "Used no slot in the last 7 days.",
    "Used up to 1 slot in the last 7 days, over all types.",
    "Used up to 9 slots at once in the last 7 days, over all types.",
  ]);
});
