import { describe, expect, it } from "vitest";
import type { HistoryPoint } from "../../domain";
import { merged, peaksOf, raised } from "./peaks";

function point(peak_active: number): HistoryPoint {
  const counts = { peak_queued: 0, starts: 0, ends: 0, refused: 0, mean_active: 0 };
  return { at: "2026-11-24T00:00:00.000Z", span_ms: 1, peak_active, wait_ms: null, ...counts };
}

describe("today's peaks", () => {
  it("are the highest of each agent's points", () => {
    const series = [
      { agent: "a", points: [point(1), point(7), point(3)] },
      { agent: "b", points: [] },
      { points: [point(99)] },
    ];
    expect([...peaksOf({ series })]).toEqual([
      ["a", 7],
      ["b", 0],
    ]);
  });

  it("are raised by what is active now, and never lowered", () => {
    const before = new Map([["a", 5]]);
    const lower = [
      { id: "a", active: 4 },
      { id: "b", active: 0 },
    ];
    expect(raised(before, lower)).toBe(before);
    const higher = [
      { id: "a", active: 6 },
      { id: "b", active: 1 },
    ];
    expect([...raised(before, higher)]).toEqual([
      ["a", 6],
      ["b", 1],
    ]);
  });

  it("are the higher of what was counted and what was seen", () => {
    const counted = new Map([
      ["a", 5],
      ["b", 1],
    ]);
    const seen = new Map([
      ["a", 2],
      ["b", 3],
      ["c", 1],
    ]);
    expect([...merged(counted, seen)]).toEqual([
      ["a", 5],
      ["b", 3],
      ["c", 1],
    ]);
  });
});
