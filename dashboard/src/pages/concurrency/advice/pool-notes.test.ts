// @vitest-environment jsdom

import { expect, test } from "vitest";
import type { Pool } from "../../../domain";
import { poolOf } from "../pool.fixture";
import { notesOn } from "./pool-notes";

function keys(pool: Pool): string[] {
  return notesOn(pool).map(({ key }) => key);
}

function note(pool: Pool, key: string) {
  return notesOn(pool).find((each) => each.key === key);
}

test("a pool in which nobody waits has no notes", () => {
  expect(notesOn(poolOf(20, { a: { reserved: { chat: 5 }, active: { inbound: 15 } } }))).toEqual(
    [],
  );
});

test("settling says by how many calls, that nothing is interrupted, and until when", () => {
  const pool = poolOf(10, { a: { reserved: { chat: 4 } }, b: { active: { chat: 8 } } });
  const settling = note(pool, "settling");
  expect(settling?.says).toBe("Settling: 2 slots over the limit. No call is interrupted.");
  expect(settling?.helps).toContain("once 2 calls on shared slots have ended");
});

test("settling by one call is told of one call", () => {
  const pool = poolOf(10, { a: { reserved: { chat: 3 } }, b: { active: { chat: 8 } } });
  expect(note(pool, "settling")?.says).toContain("1 slot over the limit");
  expect(note(pool, "settling")?.helps).toContain("once 1 call on shared slots has ended");
});

test("calls that wait while a reservation is idle are told of both, with what helps", () => {
  const pool = poolOf(20, {
    sales: { name: "Sales", active: { chat: 9 }, queued: { chat: 3 } },
    support: { name: "Support", reserved: { inbound: 8 }, active: { inbound: 2 } },
    survey: { name: "Survey", active: { chat: 3 }, queued: { chat: 1 } },
  });
  expect(keys(pool)).toEqual(["shared-full", "idle"]);
  const [shared, idle] = notesOn(pool);
  expect(shared?.says).toBe(
    "The shared pool is full (12 of 12), and 4 calls are waiting, 3 of them for Sales.",
  );
  expect(shared?.steps).toEqual([
    { kind: "edit", agent: "sales", name: "Sales" },
    { kind: "raise-limit" },
  ]);
  expect(idle?.says).toBe(
    "6 reserved slots are idle while 4 calls are waiting: all held by Support.",
  );
  expect(idle?.steps).toEqual([{ kind: "edit", agent: "support", name: "Support" }]);
});

test("idle slots of several agents name the one with most", () => {
  const pool = poolOf(10, {
    a: { reserved: { chat: 3 } },
    b: { reserved: { chat: 4 }, active: { chat: 3 } },
    c: { active: { chat: 3 }, queued: { chat: 1 } },
  });
  expect(note(pool, "idle")?.says).toBe(
    "4 reserved slots are idle while 1 call is waiting: 3 of them held by a.",
  );
});

test("calls that wait at the limit are helped by the limit alone", () => {
  const pool = poolOf(4, { a: { active: { chat: 4 }, queued: { chat: 2 } } });
  expect(keys(pool)).toEqual(["limit"]);
  expect(note(pool, "limit")?.says).toBe("All 4 slots are in use, and 2 calls are waiting.");
  expect(note(pool, "limit")?.steps).toEqual([{ kind: "raise-limit" }]);
});

test("calls that wait at a cap are helped by the cap", () => {
  const pool = poolOf(20, {
    sales: { name: "Sales", cap: 4, active: { outbound: 4 }, queued: { outbound: 2 } },
  });
  expect(keys(pool)).toEqual(["agent-cap"]);
  expect(note(pool, "agent-cap")?.says).toBe("Sales is at its cap of 4, and 2 calls are waiting.");
});

test("several agents at their caps name the one that most calls wait for", () => {
  const pool = poolOf(20, {
    a: { cap: 1, active: { chat: 1 }, queued: { chat: 1 } },
    b: { cap: 2, active: { chat: 2 }, queued: { chat: 3 } },
  });
  expect(note(pool, "agent-cap")?.says).toBe(
    "2 agents are at their caps, and 4 calls are waiting, 3 of them for b (cap 2).",
  );
});

test("calls that wait at the cap of their type are told of it", () => {
  const pool = poolOf(20, {
    a: { active: { chat: 2 }, queued: { chat: 2 } },
    b: { queued: { chat: 1 } },
  });
  const capped = { ...pool, type_caps: { ...pool.type_caps, chat: 2 } };
  expect(keys(capped)).toEqual(["type-cap"]);
  expect(note(capped, "type-cap")?.says).toBe(
    "Chat calls are at their cap of 2, and 3 calls are waiting, 2 of them for a.",
  );
});

test("calls that a cap of 0 holds are told that they cannot start", () => {
  const pool = poolOf(20, { a: { name: "A", cap: 0, queued: { chat: 1 } } });
  expect(note(pool, "nothing-shared")?.says).toBe("A cap is 0, and 1 call is waiting for A.");
  expect(note(pool, "nothing-shared")?.steps).toEqual([
    { kind: "raise-cap", agent: "a", name: "A" },
  ]);
});

test("when all is reserved, nothing is left to reserve for who waits", () => {
  const pool = poolOf(5, {
    a: { reserved: { chat: 5 } },
    b: { name: "B", queued: { chat: 1 } },
  });
  expect(note(pool, "nothing-shared")?.says).toBe(
    "All slots are reserved, and 1 call is waiting for B.",
  );
  expect(note(pool, "nothing-shared")?.steps).toEqual([{ kind: "raise-limit" }]);
});

test("calls that wait because the pool settles are told of idle reservations", () => {
  const pool = poolOf(10, {
    a: { reserved: { chat: 4 } },
    b: { active: { chat: 8 }, queued: { chat: 2 } },
  });
  expect(keys(pool)).toEqual(["settling", "idle"]);
});
