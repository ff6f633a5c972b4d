import { expect, it } from "vitest";
import { clockOf, NEVER, nextSpan, openOf, weekOf, withDay } from "./week";

it("days with the same span share a row in the API", () => {
  const span = { from: 480, to: 1_260 };
  const week = withDay(withDay(NEVER, 0, [span]), 2, [span, { from: 0, to: 60 }]);
  expect(openOf(week)).toEqual([
    { days: ["mon", "wed"], from: "08:00", to: "21:00" },
    { days: ["wed"], from: "00:00", to: "01:00" },
  ]);
  expect(weekOf({ open: openOf(week) })).toEqual(week);
});

it("the spans of a day are in order, however they came", () => {
  const week = weekOf({
    open: [
      { days: ["mon"], from: "14:00", to: "24:00" },
      { days: ["mon"], from: "08:00", to: "12:00" },
    ],
  });
  expect(week[0]?.map(({ from, to }) => `${clockOf(from)}-${clockOf(to)}`)).toEqual([
    "08:00-12:00",
    "14:00-24:00",
  ]);
});

it("one more span comes after the last, as long as the day has an hour left", () => {
  expect(nextSpan([])).toEqual({ from: 540, to: 1_020 });
  expect(nextSpan([{ from: 0, to: 1_020 }])).toEqual({ from: 1_080, to: 1_200 });
  expect(nextSpan([{ from: 0, to: 1_400 }])).toBeUndefined();
});
