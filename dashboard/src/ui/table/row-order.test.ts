import { expect, it } from "vitest";
import { nextOrder, type Order, ordered } from "./row-order";

interface Agent {
  name: string;
  active: number | undefined;
}

const NAME = { key: "name", sortBy: ({ name }: Agent) => name };
const ACTIVE = { key: "active", isNumber: true, sortBy: ({ active }: Agent) => active };

const AGENTS: Agent[] = [
  { name: "agent 10", active: 2 },
  { name: "Agent 9", active: undefined },
  { name: "billing", active: 7 },
];

function names(order: Order | undefined): string[] {
  return ordered(AGENTS, [NAME, ACTIVE], order).map(({ name }) => name);
}

it("numbers go largest first, then smallest first, then as they came", () => {
  const first = nextOrder<Agent>(undefined, ACTIVE);
  expect(names(first)).toEqual(["billing", "agent 10", "Agent 9"]);
  const second = nextOrder<Agent>(first, ACTIVE);
  expect(names(second)).toEqual(["agent 10", "billing", "Agent 9"]);
  expect(nextOrder<Agent>(second, ACTIVE)).toBeUndefined();
});

it("texts go from A, without regard to case, and numbers in them count as numbers", () => {
  expect(names(nextOrder<Agent>(undefined, NAME))).toEqual(["Agent 9", "agent 10", "billing"]);
});

it("another column begins anew", () => {
  expect(nextOrder<Agent>({ key: "name", isDescending: true }, ACTIVE)).toEqual({
    key: "active",
    isDescending: true,
  });
});

it("what is not known comes last, whichever way", () => {
  expect(names({ key: "active", isDescending: true }).at(-1)).toBe("Agent 9");
  expect(names({ key: "active", isDescending: false }).at(-1)).toBe("Agent 9");
});
