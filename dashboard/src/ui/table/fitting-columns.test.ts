import { expect, it } from "vitest";
import { fittingColumns, widthsIn } from "./fitting-columns";

const COLUMNS = [
  { key: "call", width: 10 },
  { key: "type", width: 6, extra: 1 },
  { key: "slot", width: 6, extra: 3 },
  { key: "waited", width: 8 },
  { key: "duration", width: 8, extra: 2 },
];

const fitted = (room: number) => fittingColumns(COLUMNS, room)?.map(({ key }) => key);

it("shows all columns that fit", () => {
  expect(fitted(38)).toEqual(["call", "type", "slot", "waited", "duration"]);
  expect(fitted(Number.POSITIVE_INFINITY)).toHaveLength(5);
});

it("leaves out the least important ones first", () => {
  expect(fitted(37)).toEqual(["call", "type", "waited", "duration"]);
  expect(fitted(24)).toEqual(["call", "type", "waited"]);
  expect(fitted(18)).toEqual(["call", "waited"]);
});

it("never leaves out, nor cuts, what must be there", () => {
  expect(fitted(17)).toBeUndefined();
});

it("a column with a part of the table gets no more than is left when each has the least", () => {
  const columns = [
    { width: 10, isWide: true },
    { width: 8, percent: 20 },
    { width: 6, percent: 10 },
    { width: 5 },
  ];
  expect(widthsIn(columns, 100)).toEqual([undefined, 20, 10, 5]);
  expect(widthsIn(columns, 45)).toEqual([undefined, 9, 6, 5]);
  expect(widthsIn([{ width: 8, percent: 90 }, { width: 6 }], 20)).toEqual([14, 6]);
  expect(widthsIn(columns, 29)).toEqual([undefined, 8, 6, 5]);
  expect(widthsIn(columns, Number.POSITIVE_INFINITY)).toEqual([undefined, 8, 6, 5]);
});
