import { describe, expect, it } from "vitest";
import { point } from "../markers.fixture";
import { waitMarks } from "./wait-marks";

const MIN = 60_000;
const NOON = new Date(2026, 10, 24, 12).getTime();
const LIMITS = [{ fromMs: NOON, toMs: NOON + 60 * MIN, limit: 20 }];
const NAMES = new Map([["a", "Ada"]]);

/** Points of a minute: how many were queued and active in each. */
function points(...figures: [queued: number, active: number][]) {
  return figures.map(([peak_queued, peak_active], index) =>
    point(NOON + index * MIN, { peak_queued, peak_active }),
  );
}

function marks(told: Partial<Parameters<typeof waitMarks>[0]["figures"]>, limits = LIMITS) {
  return waitMarks({ figures: { points: [], parts: [], ...told }, limits, names: NAMES });
}

describe("marks of when calls waited", () => {
  it("are one for each stretch, where it begins, with how many waited and until when", () => {
    const found = marks({ points: points([0, 1], [1, 20], [3, 20], [0, 20], [1, 20]) });
    expect(found).toEqual([
      {
        atMs: NOON + MIN,
        text: "up to 3 calls waited until 24 Nov, 12:03; the pool was full",
      },
      {
        atMs: NOON + 4 * MIN,
        text: "up to 1 call waited until 24 Nov, 12:05; the pool was full",
      },
    ]);
  });

  it("name those whose calls waited most", () => {
    const parts = [
      { agent: "a", points: points([2, 0]) },
      { agent: "gone", points: points([5, 0]) },
      { agent: "calm", points: points([0, 9]) },
      { agent: "less", points: points([1, 9]) },
    ];
    expect(marks({ points: points([8, 20]), parts })[0]?.text).toContain("most of gone and Ada;");
  });

  it("say why as far as it is known", () => {
    const why = (...told: Parameters<typeof points>) => marks({ points: points(...told) })[0]?.text;
    expect(why([1, 19])).toContain("the pool was not full: slots were kept for others");
    expect(why([1, 19], [1, 20])).toContain("full for a part of it");
    expect(marks({ points: points([1, 20]) }, [])[0]?.text).toMatch(/12:01$/);
  });
});
