import { expect, test } from "vitest";
import type { Call, Pace } from "../../domain";
import { callOf, poolOf } from "../live.fixture";
import { blockedIn } from "./blocked-on";
import type { LiveGate } from "./gates";

const SLOW: Pace = { starts: 1, per_s: 60, burst: 1 };
const FAST: Pace = { starts: 5, per_s: 1, burst: 1 };

function gate(id: string, over: Partial<LiveGate> = {}): LiveGate {
  const limits = { cap: null, pace: null, hours: null } as const;
  return { id, name: id, kind: "other", ...limits, paused: false, within_hours: true, ...over };
}

/** What holds a chat of the agent "a" that passes all of these gates. */
function held(gates: readonly LiveGate[], active: readonly Call[] = [], pool = poolOf(1)) {
  const through = {
    gates: new Map(gates.map((each) => [each.id, each])),
    active: new Map(active.map((call) => [call.id, call])),
  };
  const { blocked_on, blocked_by } = blockedIn(pool, through)(
    "a",
    "chat",
    gates.map(({ id }) => id),
  );
  return [blocked_on, blocked_by];
}

test("a full gate is told before a paused one, that before a closed one, and that before a pace", () => {
  const active = [{ ...callOf("1", "active"), gates: ["full"] }];
  const full = gate("full", { cap: 1 });
  const paused = gate("paused", { paused: true });
  const closed = gate("closed", { within_hours: false });
  const paced = gate("paced", { pace: FAST });
  expect(held([paced, closed, paused, full], active)).toEqual(["gate_cap", { gate: "full" }]);
  expect(held([paced, closed, paused])).toEqual(["gate_paused", { gate: "paused" }]);
  expect(held([paced, closed])).toEqual(["gate_hours", { gate: "closed" }]);
  expect(held([paced])).toEqual(["paced", { gate: "paced" }]);
});

test("of several paces the slowest is named, be it a gate's, the agent's or the type's", () => {
  const gates = [gate("fast", { pace: FAST }), gate("slow", { pace: SLOW })];
  expect(held(gates)).toEqual(["paced", { gate: "slow" }]);
  const pool = poolOf(1);
  const agents = pool.agents.map((agent) => ({ ...agent, pace: { ...SLOW, per_s: 90 } }));
  expect(held(gates, [], { ...pool, agents })).toEqual(["paced", { agent: "a" }]);
  const type_paces = { ...pool.type_paces, chat: { ...SLOW, per_s: 3_600 } };
  expect(held(gates, [], { ...pool, type_paces })).toEqual(["paced", { type: "chat" }]);
});

test("a call that has no slot to take is told that, and not the pace", () => {
  const pool = { ...poolOf(1), shared: { size: 20, in_use: 20, free: 0 } };
  expect(held([gate("paced", { pace: FAST })], [], pool)).toEqual(["shared_full", null]);
  expect(held([gate("paused", { paused: true })], [], pool)).toEqual([
    "gate_paused",
    { gate: "paused" },
  ]);
});

test("the pool's limit comes before every gate", () => {
  const pool = { ...poolOf(1), active: 20 };
  expect(held([gate("paused", { paused: true })], [], pool)).toEqual(["limit", null]);
});

test("a gate that is not known holds nothing", () => {
  const through = { gates: new Map(), active: new Map() };
  expect(blockedIn(poolOf(1), through)("a", "chat", ["gone"]).blocked_on).toBe("shared_full");
});
