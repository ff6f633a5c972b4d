import { expect, test } from "vitest";
import { agentColors } from "./agent-colors";

const FOURTEEN = Array.from({ length: 14 }, (_, index) => `agent-${index}`);

test("no two of fourteen agents look the same", () => {
  const colors = [...agentColors(FOURTEEN).values()].map((color) => JSON.stringify(color));
  expect(new Set(colors).size).toBe(14);
});

test("the first eight are plain, so that stripes are rare", () => {
  const colors = [...agentColors(FOURTEEN.slice(0, 8)).values()];
  expect(colors.every(({ isStriped }) => !isStriped)).toBe(true);
  expect(new Set(colors.map(({ hue }) => hue)).size).toBe(8);
});

test("the order in which agents are named changes nothing", () => {
  const there = agentColors(FOURTEEN);
  const back = agentColors(FOURTEEN.toReversed());
  for (const id of FOURTEEN) expect(back.get(id)).toEqual(there.get(id));
});

test("an agent that had a colour keeps it when others join and leave", () => {
  const before = agentColors(["support", "sales"]);
  const after = agentColors(["booking", "billing", "support", "survey"], before);
  expect(after.get("support")).toEqual(before.get("support"));
  expect(after.has("sales")).toBe(false);
  expect(new Set([...after.values()].map(({ hue }) => hue)).size).toBe(4);
});

test("more agents than colours share them", () => {
  expect(agentColors(Array.from({ length: 40 }, (_, index) => `a${index}`)).size).toBe(40);
});
