// @vitest-environment jsdom

import { expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { foundAgents, reservedAgents, unreservedAgents } from "./agent-lists";

const POOL = poolOf(20, {
  billing: { name: "Billing desk", reserved: { chat: 2 } },
  idle: {},
  sales: { name: "Sales", active: { chat: 1 } },
  support: { name: "Support desk", reserved: { inbound: 3 }, active: { inbound: 1 } },
  survey: { name: "Survey", queued: { outbound: 2 } },
});

const ids = (agents: readonly { id: string }[]) => agents.map(({ id }) => id);

test("the table has the agents with a reservation", () => {
  expect(ids(reservedAgents(POOL, ""))).toEqual(["billing", "support"]);
});

test("a search finds all its words in name or id, whatever their case and order", () => {
  expect(ids(reservedAgents(POOL, " DESK bill"))).toEqual(["billing"]);
  expect(ids(reservedAgents(POOL, "desk"))).toEqual(["billing", "support"]);
  expect(ids(reservedAgents(POOL, "sales"))).toEqual([]);
  expect(ids(foundAgents(POOL.agents, "s"))).toEqual(["billing", "sales", "support", "survey"]);
});

test("agents without a reservation are listed while they hold slots or wait", () => {
  expect(ids(unreservedAgents(POOL, new Set()))).toEqual(["sales", "survey"]);
});

test("agents that were listed stay, unless they have a reservation by now", () => {
  expect(ids(unreservedAgents(POOL, new Set(["idle", "billing", "gone"])))).toEqual([
    "idle",
    "sales",
    "survey",
  ]);
});
