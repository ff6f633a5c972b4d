import { describe, expect, test } from "vitest";
import type { ClassUse } from "../../../domain";
import { barParts, classWords, usedText, waitingText } from "./class-words";

function use(reserved: number, active: number, queued = 0): ClassUse {
  const reserved_in_use = Math.min(active, reserved);
  return { reserved, active, queued, reserved_in_use, shared_in_use: active - reserved_in_use };
}

const cell = (of: ClassUse) => [usedText(of), waitingText(of)].filter(Boolean).join(" ");

describe("a cell", () => {
  test("is what is in use of what is reserved, and who waits", () => {
    expect(cell(use(3, 2, 1))).toBe("2/3 +1");
    expect(cell(use(3, 5))).toBe("5/3");
    expect(cell(use(3, 0))).toBe("0/3");
  });

  test("has no reservation to speak of", () => {
    expect(cell(use(0, 2))).toBe("2");
    expect(cell(use(0, 0, 4))).toBe("+4");
  });

  test("is blank when there is nothing", () => {
    expect(cell(use(0, 0))).toBe("");
  });
});

test("its words say which slots, and how long", () => {
  expect(classWords(use(3, 5, 2), "42 s")).toBe(
    "3 of 3 reserved slots in use · 2 shared slots in use · 2 waiting, longest 42 s",
  );
  expect(classWords(use(0, 0, 1), "42 s")).toBe("1 waiting, 42 s");
  expect(classWords(use(1, 0))).toBe("0 of 1 reserved slot in use");
  expect(classWords(use(0, 0))).toBe("Nothing reserved, nothing in use");
});

test("its bar has a part for each kind of slot, and a queue never fills it", () => {
  expect(barParts(use(3, 2))).toEqual([
    { kind: "used", share: 2 },
    { kind: "idle", share: 1 },
  ]);
  expect(barParts(use(2, 4, 5_000))).toEqual([
    { kind: "used", share: 2 },
    { kind: "borrowed", share: 2 },
    { kind: "waiting", share: 2 },
  ]);
  expect(barParts(use(0, 0))).toEqual([]);
});
