import { expect, it } from "vitest";
import { fittingColumns } from "./fitting-columns";

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
