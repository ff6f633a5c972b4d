import { describe, expect, it, vi } from "vitest";
import { translucent } from "./colors";
import { CursorGroup } from "./cursor-group";
import { nextIndex } from "./cursor-keys";
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
