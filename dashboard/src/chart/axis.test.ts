import { describe, expect, it } from "vitest";
import { axisTimes, axisTop, axisValue, INCREMENTS } from "./axis";

describe("the vertical axis", () => {
  it("leaves air above the highest, and is never flat", () => {
    expect(axisTop(20, "count")).toBe(23);
    expect(axisTop(0, "count")).toBe(1);
    expect(axisTop(0, "duration")).toBe(1000);
    expect(axisTop(10_000, "duration")).toBeGreaterThan(10_000);
  });

  it("has whole calls only", () => {
    expect(INCREMENTS.count.every(Number.isInteger)).toBe(true);
  });

  it("has increments that ascend", () => {
    for (const increments of Object.values(INCREMENTS)) {
      expect(increments).toEqual([...increments].sort((a, b) => a - b));
      expect(new Set(increments).size).toBe(increments.length);
    }
  });

  it("says counts short", () => {
    const said = [0, 1500, 20_000, 12_500, 3e6].map((value) => axisValue(value, "count"));
    expect(said).toEqual(["0", "1,500", "20k", "12.5k", "3M"]);
  });

  it("says durations in the unit in which they are round", () => {
    const values = [0, 500, 30_000, 90_000, 120_000, 5_400_000, 7_200_000, 172_800_000];
    expect(values.map((value) => axisValue(value, "duration"))).toEqual([
      "0",
      "500 ms",
      "30 s",
      "90 s",
      "2 min",
      "90 min",
      "2 h",
      "2 d",
    ]);
  });
});

describe("the axis of times", () => {
  const at = (day: number, hour: number) => new Date(2026, 10, day, hour).getTime();

  it("says the day at its first label and where one begins", () => {
    expect(axisTimes([at(23, 20), at(23, 22), at(24, 0), at(24, 2)], 7_200_000)).toEqual([
      "20:00\n23 Nov",
      "22:00",
      "00:00\n24 Nov",
      "02:00",
    ]);
  });

  it("says only days when they are what it is divided in", () => {
    expect(axisTimes([at(23, 0), at(25, 0)], 2 * 86_400_000)).toEqual(["23 Nov", "25 Nov"]);
  });
});
