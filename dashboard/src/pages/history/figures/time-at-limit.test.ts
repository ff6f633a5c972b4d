import { expect, it } from "vitest";
import { point } from "../markers.fixture";
import { timeAtLimit } from "./time-at-limit";

const MIN = 60_000;
const LIMITS = [{ fromMs: 0, toMs: 100 * MIN, limit: 20 }];

const at = (peak_active: number, mean_active: number, span_ms = 10 * MIN) =>
  point(0, { peak_active, mean_active, span_ms });

it("is none while all peaks are below it", () => {
  expect(timeAtLimit([at(19, 19)], LIMITS)).toEqual({ leastMs: 0, mostMs: 0, ofMs: 10 * MIN });
});

it("is all of a point whose mean is the limit", () => {
  expect(timeAtLimit([at(20, 20)], LIMITS)).toMatchObject({ leastMs: 10 * MIN, mostMs: 10 * MIN });
});

it("lies between what the mean allows", () => {
  const { leastMs = 0, mostMs = 0 } = timeAtLimit([at(20, 19.5)], LIMITS) ?? {};
  expect(leastMs).toBeCloseTo(5 * MIN);
  expect(mostMs).toBeCloseTo(9.75 * MIN);
  // A peak that passed quickly.
  expect(timeAtLimit([at(20, 2)], LIMITS)).toMatchObject({ leastMs: 0, mostMs: MIN });
});

it("holds the truth whatever the length of points", () => {
  // Ten minutes at 20, then fifty at 5.
  const fine = [at(20, 20), ...Array.from({ length: 5 }, () => at(5, 5))];
  const coarse = [at(20, 7.5, 60 * MIN)];
  for (const points of [fine, coarse]) {
    const { leastMs = 0, mostMs = 0 } = timeAtLimit(points, LIMITS) ?? {};
    expect(leastMs).toBeLessThanOrEqual(10 * MIN);
    expect(mostMs).toBeGreaterThanOrEqual(10 * MIN);
  }
});

it("counts calls over a limit that was lowered", () => {
  expect(timeAtLimit([at(40, 30)], LIMITS)).toMatchObject({ mostMs: 10 * MIN });
});

it("is unknown where the limit is", () => {
  expect(timeAtLimit([at(20, 20)], [])).toBeUndefined();
});
