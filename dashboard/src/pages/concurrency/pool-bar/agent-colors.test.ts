import { expect, test } from "vitest";
import { looksOf } from "./agent-colors";

const FOURTEEN = Array.from({ length: 14 }, (_, index) => `agent-${index}`);

test("no two of fourteen agents look the same", () => {
  const looks = [...looksOf(FOURTEEN).values()].map((look) => JSON.stringify(look));
  expect(new Set(looks).size).toBe(14);
});

test("the first eight are plain, so that stripes are rare", () => {
  const looks = [...looksOf(FOURTEEN.slice(0, 8)).values()];
  expect(looks.every(({ isStriped }) => !isStriped)).toBe(true);
  expect(new Set(looks.map(({ colour }) => colour)).size).toBe(8);
});

test("the order in which agents are named changes nothing", () => {
  const there = looksOf(FOURTEEN);
  const back = looksOf(FOURTEEN.toReversed());
  for (const id of FOURTEEN) expect(back.get(id)).toEqual(there.get(id));
});

test("who had a look keeps it when others join and leave", () => {
  const before = looksOf(["support", "sales"]);
  const after = looksOf(["booking", "billing", "support", "survey"], before);
  expect(after.get("support")).toEqual(before.get("support"));
  expect(after.has("sales")).toBe(false);
  expect(new Set([...after.values()].map(({ colour }) => colour)).size).toBe(4);
});

test("more agents than looks share them", () => {
  expect(looksOf(Array.from({ length: 40 }, (_, index) => `a${index}`)).size).toBe(40);
});
