import { describe, expect, it, vi } from "vitest";
import { translucent } from "./colors";
import { CursorGroup } from "./cursor-group";
import { nextIndex, pressed } from "./cursor-keys";
import { groupMarks } from "./mark-groups";

describe("keys", () => {
  it.each([
    ["ArrowLeft", 5, 4],
    ["ArrowRight", 5, 6],
    ["ArrowLeft", 0, 0],
    ["ArrowRight", 9, 9],
    ["ArrowLeft", null, 9],
    ["ArrowRight", null, 0],
    ["PageUp", 5, 0],
    ["PageDown", 5, 9],
    ["Home", 5, 0],
    ["End", 5, 9],
    ["Escape", 5, null],
    ["Tab", 5, undefined],
  ])("%s at point %s of 10 leads to %s", (key, from, to) => {
    expect(nextIndex(key, from, 10)).toBe(to);
  });

  const shift = (key: string) => ({ key, isShift: true });
  const plain = (key: string) => ({ key, isShift: false });

  it("select from where Shift was pressed first, and Enter zooms to what is selected", () => {
    expect(pressed(shift("ArrowLeft"), { at: 5, anchor: null }, 10)).toEqual({ at: 4, anchor: 5 });
    expect(pressed(shift("Home"), { at: 4, anchor: 5 }, 10)).toEqual({ at: 0, anchor: 5 });
    const zoomed = pressed(plain("Enter"), { at: 0, anchor: 5 }, 10);
    expect(zoomed).toEqual({ at: 0, anchor: null, zoom: [0, 5] });
    expect(pressed(shift("End"), { at: null, anchor: null }, 10)).toEqual({ at: 9, anchor: 9 });
  });

  it("give up what is selected when the cursor moves on, and at the first Escape", () => {
    expect(pressed(plain("ArrowLeft"), { at: 4, anchor: 5 }, 10)).toEqual({ at: 3, anchor: null });
    expect(pressed(plain("Escape"), { at: 4, anchor: 5 }, 10)).toEqual({ at: 4, anchor: null });
    expect(pressed(plain("Escape"), { at: 4, anchor: null }, 10)).toEqual({
      at: null,
      anchor: null,
    });
  });

  it("are left to the page where they mean nothing", () => {
    expect(pressed(plain("Enter"), { at: 4, anchor: null }, 10)).toBeUndefined();
    expect(pressed(plain("ArrowLeft"), { at: null, anchor: null }, 0)).toBeUndefined();
  });
});

describe("a cursor that charts share", () => {
  it("tells everybody where it is and who moved it, once", () => {
    const group = new CursorGroup();
    const listener = vi.fn();
    const stop = group.watch(listener);
    group.move(3, "me");
    group.move(3);
    expect(listener.mock.calls).toEqual([[3, "me"]]);
    stop();
    group.move(4);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(group.at).toBe(4);
  });
});

describe("marks", () => {
  const marks = [50, 10, 12, 19, 21, 99].map((atMs) => ({ atMs, text: String(atMs) }));
  const grouped = (distance: number) =>
    groupMarks(marks, { fromMs: 10, toMs: 60 }, distance).map((group) =>
      group.map(({ atMs }) => atMs),
    );

  it("that are near the first of a group belong to it", () => {
    expect(grouped(10)).toEqual([[10, 12, 19], [21], [50]]);
    expect(grouped(1)).toEqual([[10], [12], [19], [21], [50]]);
  });

  it("outside of the range are left out", () => {
    expect(grouped(1000)).toEqual([[10, 12, 19, 21, 50]]);
  });
});

it("a colour is seen through only in a notation that is known", () => {
  expect(translucent("rgb(1, 2, 3)", 0.5)).toBe("rgba(1, 2, 3, 0.5)");
  expect(translucent("oklch(1 2 3)", 0.5)).toBe("oklch(1 2 3)");
});
