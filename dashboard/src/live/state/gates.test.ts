import { describe, expect, it } from "vitest";
import type { GateEvent } from "./events";
import { countByGate, gatesAfter, NO_GATES } from "./gates";

const SETTINGS = {
  name: "Spring",
  kind: "campaign",
  cap: 40,
  pace: null,
  paused: false,
  hours: null,
} as const;

function changed(change: Pick<GateEvent, "within_hours"> & Partial<GateEvent>): GateEvent {
  return { kind: "gate.changed", seq: 1, at: "2026-01-01T00:00:00.000Z", id: "spring", ...change };
}

describe("a gate that changes", () => {
  const made = gatesAfter(NO_GATES, changed({ gate: SETTINGS, within_hours: true }));

  it("is as the event says, whatever it was", () => {
    expect(made.get("spring")).toEqual({ ...SETTINGS, id: "spring", within_hours: true });
    const paused = changed({ gate: { ...SETTINGS, paused: true }, within_hours: false });
    expect(gatesAfter(made, paused).get("spring")).toMatchObject({
      paused: true,
      within_hours: false,
    });
  });

  it("keeps its settings when its hours end", () => {
    expect(gatesAfter(made, changed({ within_hours: false })).get("spring")).toEqual({
      ...SETTINGS,
      id: "spring",
      within_hours: false,
    });
  });

  it("is gone once it is deleted, and hours of a gate that is not known make none", () => {
    expect(gatesAfter(made, changed({ gate: null, within_hours: null })).size).toBe(0);
    expect(gatesAfter(NO_GATES, changed({ within_hours: false })).size).toBe(0);
  });

  it("leaves the gates before as they were", () => {
    gatesAfter(made, changed({ gate: null, within_hours: null }));
    expect(made.size).toBe(1);
  });
});

it("a call counts for each of its gates", () => {
  const counts = countByGate([{ gates: ["a", "b"] }, { gates: ["a"] }, { gates: [] }]);
  expect([...counts]).toEqual([
    ["a", 2],
    ["b", 1],
  ]);
});
