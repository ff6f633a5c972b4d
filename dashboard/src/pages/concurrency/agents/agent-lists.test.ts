// @vitest-environment jsdom

import { expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { foundAgents } from "./agent-lists";

const { agents } = poolOf(20, {
  billing: { name: "Billing desk" },
  sales: { name: "Sales" },
  support: { name: "Support desk" },
});

const found = (search: string) => foundAgents(agents, search).map(({ id }) => id);

test("a search finds all its words in name or id, whatever their case and order", () => {
  expect(found(" DESK bill")).toEqual(["billing"]);
  expect(found("desk")).toEqual(["billing", "support"]);
  expect(found("nobody")).toEqual([]);
});

test("no words find all", () => {
  expect(found(" ")).toEqual(["billing", "sales", "support"]);
});
