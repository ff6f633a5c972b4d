import { describe, expect, it } from "vitest";
import { ago, whatStops } from "./key-words";

describe("how long ago", () => {
  const at = "2026-11-24T10:00:00.000Z";
  it.each([
    [-5_000, "just now"],
    [0, "just now"],
    [119_999, "just now"],
    [120_000, "2 minutes ago"],
    [3_599_999, "59 minutes ago"],
    [3_600_000, "1 hour ago"],
    [86_399_999, "23 hours ago"],
    [86_400_000, "1 day ago"],
    [400 * 86_400_000, "400 days ago"],
  ])("is said of %i ms as %s", (ms, words) => {
    expect(ago(at, Date.parse(at) + ms)).toBe(words);
  });
});

describe("what stops with a key", () => {
  it("names calls only where a key could hold some", () => {
    expect(whatStops("viewer")).not.toContain("calls");
    expect(whatStops("engine")).toContain("live calls end");
    expect(whatStops("operator")).toContain("live calls end");
  });
});
