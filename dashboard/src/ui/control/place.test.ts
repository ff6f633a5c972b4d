import { expect, it } from "vitest";
import { type Placing, place } from "./place";

const WINDOW = { width: 400, height: 300 };
const BELOW: Placing = { side: "below", align: "start", gapPx: 4 };

function button(left: number, top: number) {
  return { left, top, width: 40, height: 20 };
}

it("stands on the side asked for, with a gap", () => {
  const popup = { width: 100, height: 50 };
  expect(place(button(50, 100), popup, WINDOW, BELOW)).toMatchObject({ left: 50, top: 124 });
  const above = { ...BELOW, side: "above" } as const;
  expect(place(button(50, 100), popup, WINDOW, above)).toMatchObject({ left: 50, top: 46 });
});

it("goes to the other side where there is more room", () => {
  const popup = { width: 100, height: 80 };
  expect(place(button(50, 250), popup, WINDOW, BELOW).top).toBe(166);
  const above = { ...BELOW, side: "above" } as const;
  expect(place(button(50, 10), popup, WINDOW, above).top).toBe(34);
});

it("is no higher than the room that it has", () => {
  const { room, top } = place(button(50, 200), { width: 100, height: 900 }, WINDOW, BELOW);
  expect(room).toBe(188);
  expect(top).toBe(8);
});

it("is aligned, and never beyond the edges of the window", () => {
  const popup = { width: 100, height: 50 };
  const left = (at: number, align: Placing["align"]) =>
    place(button(at, 0), popup, WINDOW, { ...BELOW, align }).left;
  expect([left(200, "start"), left(200, "middle"), left(200, "end")]).toEqual([200, 170, 140]);
  expect([left(0, "end"), left(390, "start")]).toEqual([8, 292]);
});
