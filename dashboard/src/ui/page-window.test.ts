import { expect, test } from "vitest";
import { rowsInSight } from "./page-window";

const HEIGHT = 800;
const ROW = 40;

function at(topPx: number, rows = 1000) {
  return rowsInSight(topPx, HEIGHT, ROW, rows);
}

test("few rows are all drawn", () => {
  expect(at(-9999, 60)).toEqual({ first: 0, end: 60 });
});

test("of many rows those in sight are drawn, and some beyond", () => {
  expect(at(300)).toEqual({ first: 0, end: 46 });
  const middle = at(-500 * ROW);
  expect(middle.first).toBeLessThanOrEqual(490);
  expect(middle.end).toBeGreaterThanOrEqual(500 + HEIGHT / ROW);
  expect(middle.end - middle.first).toBeLessThan(60);
});

test("the last rows are drawn at the end, also when the list became shorter than it is scrolled", () => {
  expect(at(-980 * ROW).end).toBe(1000);
  expect(at(-980 * ROW, 200).end).toBe(200);
});

test("small steps draw the same rows", () => {
  expect(at(-500 * ROW)).toEqual(at(-501 * ROW));
});
