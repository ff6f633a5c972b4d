import { describe, expect, it } from "vitest";
import { suggestedId } from "../shared/field-errors";
import { NO_PACE } from "../shared/pace/pace-draft";
import { draftErrors, draftOf, putOf } from "./agent-draft";

const GOOD = { id: "front-desk_1.b:c", name: "Front desk", cap: "", pace: NO_PACE };

describe("a draft of an agent", () => {
  it.each(["", "0", "10", " 12 ", "1,000", "10000000"])("may have the cap %j", (cap) => {
    expect(draftErrors({ ...GOOD, cap })).toEqual({});
  });

  it.each(["-1", "1.5", "many", "1e3", "10000001"])("may not have the cap %j", (cap) => {
    expect(Object.keys(draftErrors({ ...GOOD, cap }))).toEqual(["cap"]);
  });

  it.each(["", "two words", "ü", "a/b", "a".repeat(65)])("may not have the id %j", (id) => {
    expect(Object.keys(draftErrors({ ...GOOD, id }))).toEqual(["id"]);
  });

  it.each(["", "  ", "tab\there", "x".repeat(201)])("may not have the name %j", (name) => {
    expect(Object.keys(draftErrors({ ...GOOD, name }))).toEqual(["name"]);
  });

  it("may have a name of 200 characters, each of two code units", () => {
    expect(draftErrors({ ...GOOD, name: "🙂".repeat(200) })).toEqual({});
  });

  it("without a cap sends none, and zero is a cap", () => {
    expect(putOf(GOOD)).toEqual({ name: "Front desk", cap: null, pace: null });
    expect(putOf({ ...GOOD, name: " Front desk ", cap: "1,000" })).toEqual({
      name: "Front desk",
      cap: 1000,
      pace: null,
    });
    expect(putOf({ ...GOOD, cap: "0" })).toEqual({ name: "Front desk", cap: 0, pace: null });
  });

  it("has a pace of its own", () => {
    const pace = { starts: "5", perS: "60", burst: "" };
    expect(putOf({ ...GOOD, pace }).pace).toEqual({ starts: 5, per_s: 60, burst: 1 });
    expect(Object.keys(draftErrors({ ...GOOD, pace: { ...pace, starts: "0" } }))).toEqual([
      "starts",
    ]);
  });

  it("begins with the agent as it is", () => {
    expect(draftOf({ id: "a", name: "A", cap: 3, pace: null })).toEqual({
      id: "a",
      name: "A",
      cap: "3",
      pace: NO_PACE,
    });
    expect(draftOf({ id: "a", name: "A", cap: null, pace: null }).cap).toBe("");
  });
});

it.each([
  ["Support", "support"],
  ["Après-vente 2", "apres-vente-2"],
  ["  --Sales & Co.  ", "sales-co"],
  ["עברית", ""],
  ["x".repeat(80), "x".repeat(64)],
])("the id suggested for %s is %s", (name, id) => {
  expect(suggestedId(name)).toBe(id);
});
