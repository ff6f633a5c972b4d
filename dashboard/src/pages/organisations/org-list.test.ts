import { expect, it } from "vitest";
import { percent } from "../../format";
import { extentInWords, found, longestCallInWords, utilisation } from "./org-list";

const orgs = [
  { id: "acme", name: "Acme Ltd", plan: "standard" },
  { id: "z-1", name: "Zeta", plan: "enterprise" },
];

it("organisations are found by name, id and plan, in any case", () => {
  const ids = (text: string) => found(orgs, text).map(({ id }) => id);
  expect(ids("")).toEqual(["acme", "z-1"]);
  expect(ids(" LTD ")).toEqual(["acme"]);
  expect(ids("z-")).toEqual(["z-1"]);
  expect(ids("enter")).toEqual(["z-1"]);
  expect(ids("nobody")).toEqual([]);
});

it("the longest call without a bound is said to have none", () => {
  expect(longestCallInWords(0)).toBe("unlimited");
  expect(longestCallInWords(14_400)).toBe("4 h 00 min");
});

it("the extent of a list says when it is not all of it", () => {
  expect(extentInWords(1, 1, false)).toBe("1 organisation");
  expect(extentInWords(1, 2302, false)).toBe("1 of 2,302 organisations");
  expect(extentInWords(1000, 1000, true)).toBe("The first 1,000 organisations");
  expect(extentInWords(0, 1000, true)).toBe("0 of the first 1,000 organisations");
});

it("how full an organisation is is said in per cent, and full only when it is", () => {
  const words = (active: number, limit: number) => percent(utilisation({ active, limit }));
  expect([words(0, 20), words(17, 20), words(20, 20)]).toEqual(["0 %", "85 %", "100 %"]);
  expect([words(999, 1000), words(1, 1000), words(18, 10)]).toEqual(["99 %", "< 1 %", "180 %"]);
  expect([words(0, 0), words(1, 0)]).toEqual(["0 %", "100 %"]);
});
