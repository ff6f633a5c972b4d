import { expect, test } from "vitest";
import { figuresOf, recentOf } from "../recent.fixture";
import { longWaits } from "./long-waits";

test("agents whose calls began have a wait, the others none", () => {
  const wait_ms = { max: 9_000, p50: 0, p95: 4_200, p99: 9_000 };
  const recent = recentOf([], {
    agents: [
      { agent: "sales", ...figuresOf({ wait_ms }) },
      { agent: "idle", ...figuresOf({}) },
    ],
  });
  expect([...(longWaits(recent) ?? [])]).toEqual([["sales", 4_200]]);
});

test("waits that are not read yet are none, and those of too many agents cannot be read", () => {
  expect(longWaits(undefined)?.size).toBe(0);
  expect(longWaits(recentOf([], { agents: null }))).toBeUndefined();
});
