// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { previewOf } from "./preview.fixture";
import { previewWords } from "./preview-words";

const POOL = poolOf(20, {
  guest: { name: "Guest" },
  sales: { name: "Sales", reserved: { chat: 16 } },
});

const said = (some: Parameters<typeof previewOf>[0], pool = POOL) =>
  previewWords(previewOf(some), pool);

describe("calls that start", () => {
  test("are said by agent and type, most first", () => {
    const starts = [
      { agent: "sales", type: "webcall" as const, count: 1 },
      { agent: "guest", type: "chat" as const, count: 3 },
    ];
    expect(said({ starts })[0]).toBe("3 chats of Guest and 1 webcall of Sales start at once.");
    expect(said({ starts: starts.slice(0, 1) })[0]).toBe("1 webcall of Sales starts at once.");
  });

  test("are summed up beyond three agents and types", () => {
    const starts = ["guest", "sales", "c", "d", "e"].map((agent, at) => ({
      agent,
      type: "inbound" as const,
      count: 9 - at,
    }));
    expect(said({ starts })[0]).toBe(
      "9 inbound calls of Guest, 8 inbound calls of Sales, 7 inbound calls of c and 11 other calls start at once.",
    );
  });
});

describe("calls that may wait longer", () => {
  const waits = { agent: "sales", type: "chat" as const, queued: 6, slots_now: 4, slots_after: 1 };

  test("are said with the slots they can have", () => {
    expect(said({ waits_longer: [waits] })[0]).toBe(
      "Chats of Sales then have at most 1 slot instead of 4; 6 wait.",
    );
  });

  test("may have as many slots, but fewer of their own", () => {
    const own = { ...waits, type: "outbound" as const, queued: 1, slots_after: 4 };
    expect(said({ waits_longer: [own] })[0]).toBe(
      "Outbound calls of Sales then have fewer slots of their own; 1 waits.",
    );
  });

  test("are summed up beyond three agents and types", () => {
    const all = ["a", "b", "c", "d", "e"].map((agent) => ({ ...waits, agent }));
    expect(said({ waits_longer: all })[3]).toBe("12 other waiting calls may wait longer too.");
  });
});

test("what stays shared is said as the server counts it", () => {
  expect(said({ shared_after: 2 })).toEqual(["Shared slots go from 4 to 2."]);
  expect(said({ shared_after: 4 })).toEqual(["4 slots stay shared."]);
});

test("a pool that settles says so, and what settles already is not said again", () => {
  const words =
    "8 calls over the new limit. They continue; new shared calls start when 8 have ended.";
  expect(said({ settling: 8 })).toContain(words);
  expect(said({ settling: 8 }, { ...POOL, settling: 8 })).not.toContain(words);
});
