// @vitest-environment jsdom

import { expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { coloredAgents } from "./colored-agents";

const POOL = poolOf(90, {
  a: { reserved: { chat: 2 } },
  b: { active: { chat: 1 } },
  c: { active: { chat: 5 } },
  d: {},
});

test("who has reserved slots has a colour, and who uses shared ones, most first", () => {
  expect(coloredAgents(POOL, [])).toEqual(["a", "c", "b"]);
});

test("who had a colour keeps it, and who is gone leaves it", () => {
  expect(coloredAgents(POOL, ["d", "gone"])).toEqual(["a", "d", "c", "b"]);
});

test("no more than eight have one", () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [`x${at}`, { active: { chat: 1 } }]),
  );
  expect(coloredAgents(poolOf(90, many), [])).toHaveLength(8);
});
