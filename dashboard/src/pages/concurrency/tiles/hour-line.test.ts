import { expect, test } from "vitest";
import { figuresOf } from "../recent.fixture";
import { hourLine } from "./hour-line";

const START_MS = Date.parse("2026-01-01T00:00:00.000Z");

function minutes(...peaks: number[]) {
  return peaks.map((peak_active, at) => ({
    ...figuresOf({ peak_active }),
    at: new Date(START_MS + at * 60_000).toISOString(),
    span_ms: 60_000,
  }));
}

const active = ({ peak_active }: { peak_active: number }) => peak_active;

test("each minute is a step, and a full pool reaches the top", () => {
  const hour = hourLine("In use", minutes(0, 20, 5, 10), active, 20);
  expect(hour?.line).toBe("M0,20H25V0H50V15H75V10H100");
  expect(hour?.area).toBe("M0,20H25V0H50V15H75V10H100V20H0Z");
});

test("what was beyond the top is within the box all the same", () => {
  expect(hourLine("In use", minutes(40, 20), active, 20)?.line).toBe("M0,0H50V10H100");
});

test("the last minute is as long as it is", () => {
  const [first, second] = minutes(1, 0);
  if (first === undefined || second === undefined) throw new Error("there are two minutes");
  const hour = hourLine("Waiting", [first, { ...second, span_ms: 20_000 }], active, 0);
  expect(hour?.line).toBe("M0,0H75V20H100");
});

test("the line is said as its lowest and highest minute", () => {
  const says = (...peaks: number[]) => hourLine("In use", minutes(...peaks), active, 20)?.says;
  expect(says(3, 18, 7)).toBe("In use in the last hour, the most of each minute: between 3 and 18");
  expect(says(4, 4)).toBe("In use in the last hour, the most of each minute: 4");
});

test("one minute is no line", () => {
  expect(hourLine("In use", minutes(3), active, 20)).toBeUndefined();
  expect(hourLine("In use", [], active, 20)).toBeUndefined();
});
