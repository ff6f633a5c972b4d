import { expect, it } from "vitest";
import { rowsInSight } from "./rows-in-sight";

const WINDOW = 400;
const ROW = 40;

it("draws all rows while they are few", () => {
  expect(rowsInSight(-2_000, WINDOW, ROW, 100)).toEqual({ first: 0, end: 100 });
});

it.each([0, 1, 7, 500, 989, 990])(
  "draws what is in sight at row %i of many, and little more",
  (row) => {
    const { first, end } = rowsInSight(-row * ROW, WINDOW, ROW, 1_000);
    expect(first).toBeLessThanOrEqual(row);
    expect(end).toBeGreaterThanOrEqual(Math.min(1_000, row + WINDOW / ROW));
    expect(end - first).toBeLessThan(40);
  },
);

it("draws the first rows while the list is still below the window", () => {
  expect(rowsInSight(2_000, WINDOW, ROW, 1_000).first).toBe(0);
});

it("draws the last rows when the list became shorter than it is scrolled", () => {
  expect(rowsInSight(-990 * ROW, WINDOW, ROW, 200).end).toBe(200);
});

it("changes by several rows at once", () => {
  const firsts = [...Array(40).keys()].map(
    (n) => rowsInSight(-(500 + n) * ROW, WINDOW, ROW, 1_000).first,
  );
  expect(new Set(firsts).size).toBeLessThanOrEqual(11);
});
