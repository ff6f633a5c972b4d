import { describe, expect, it } from "vitest";
import { agentMarker, limitMarker } from "../markers.fixture";
import {
  type HistoryMarker,
  limitChanges,
  limitLine,
  lowestLimit,
  needsEarlierChanges,
} from "./limit-line";

const RANGE = { fromMs: 1000, toMs: 2000 };

function lineOf(markers: HistoryMarker[], limitNow?: number) {
  return limitLine(limitChanges(markers), RANGE, limitNow).map(
    ({ fromMs, toMs, limit }) => `${fromMs}-${toMs}: ${limit}`,
  );
}

describe("the limit over time", () => {
  it("is what it is now when it never changed", () => {
    expect(lineOf([], 20)).toEqual(["1000-2000: 20"]);
    expect(lineOf([agentMarker(1500, 1)], 20)).toEqual(["1000-2000: 20"]);
  });

  it("is not known when nothing is", () => {
    expect(lineOf([])).toEqual([]);
  });

  it("changes when it was changed", () => {
    const markers = [limitMarker(500, 1, 20), limitMarker(1300, 2, 30), limitMarker(1600, 3, 10)];
    expect(lineOf(markers, 10)).toEqual(["1000-1300: 20", "1300-1600: 30", "1600-2000: 10"]);
  });

  it("is not known ahead of the first change", () => {
    expect(lineOf([limitMarker(1300, 2, 30)], 30)).toEqual(["1300-2000: 30"]);
  });

  it("is not what it became after the span", () => {
    expect(lineOf([limitMarker(900, 1, 20), limitMarker(2500, 2, 99)], 99)).toEqual([
      "1000-2000: 20",
    ]);
    expect(lineOf([limitMarker(2500, 2, 99)], 99)).toEqual([]);
  });

  it("goes on where a change left it as it was", () => {
    const markers = [limitMarker(500, 1, 20), limitMarker(1300, 2, 20)];
    expect(lineOf(markers, 20)).toEqual(["1000-2000: 20"]);
  });

  it("takes each change once, in the order in which they happened", () => {
    const [first, second] = [limitMarker(1300, 2, 30), limitMarker(1300, 3, 40)];
    expect(lineOf([second, first, second], 40)).toEqual(["1300-2000: 40"]);
  });
});

describe("the lowest limit between two moments", () => {
  const line = [
    { fromMs: 1000, toMs: 1300, limit: 20 },
    { fromMs: 1300, toMs: 2000, limit: 10 },
  ];

  it("is the one that was reached first", () => {
    expect(lowestLimit(line, 1000, 1300)).toBe(20);
    expect(lowestLimit(line, 1200, 1400)).toBe(10);
  });

  it("is unknown where the line is not", () => {
    expect(lowestLimit(line, 0, 1000)).toBeUndefined();
    expect(lowestLimit([], 0, 1000)).toBeUndefined();
  });
});

it("changes from outside of the span are needed when it changed in it or the span is over", () => {
  const change = limitChanges([limitMarker(1300, 2, 30)]);
  expect(needsEarlierChanges([], { isLive: true })).toBe(false);
  expect(needsEarlierChanges(change, { isLive: true })).toBe(true);
  expect(needsEarlierChanges([], { isLive: false })).toBe(true);
});
