import { describe, expect, it } from "vitest";
import { NO_PACE, paceDraftOf, paceErrors, paceOf, spanChoices } from "./pace-draft";

describe("a draft of a pace", () => {
  it("without starts is none", () => {
    expect(paceErrors(NO_PACE)).toEqual({});
    expect(paceOf(NO_PACE)).toBeNull();
  });

  it.each(["0", "-1", "1.5", "many", "10001"])("may not have %j starts", (starts) => {
    expect(Object.keys(paceErrors({ ...NO_PACE, starts }))).toEqual(["starts"]);
    expect(Object.keys(paceErrors({ ...NO_PACE, starts: "1", burst: starts }))).toEqual(["burst"]);
  });

  it("with a burst alone says what is missing", () => {
    expect(Object.keys(paceErrors({ ...NO_PACE, burst: "5" }))).toEqual(["starts"]);
  });

  it("begins with the pace as it is, and comes back the same", () => {
    const pace = { starts: 1_000, per_s: 30, burst: 20 };
    expect(paceOf(paceDraftOf(pace))).toEqual(pace);
    expect(paceDraftOf({ starts: 5, per_s: 1, burst: 1 }).burst).toBe("");
  });
});

it("a span of one's own can be chosen too", () => {
  expect(spanChoices("60").map(({ value }) => value)).toEqual(["1", "10", "60", "3600", "86400"]);
  expect(spanChoices("30").at(-1)).toEqual({ value: "30", label: "every 30 s" });
});
