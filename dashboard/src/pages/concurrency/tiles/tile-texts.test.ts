// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { inUseTile, reservedTile, sharedTile, type TileText, waitingTile } from "./tile-texts";

const said = ({ name, value, more }: TileText) => [name, value, more].filter(Boolean).join(" ");

const POOL = poolOf(20, {
  sales: { reserved: { chat: 12 }, active: { chat: 8 } },
  guest: { active: { webcall: 7 }, queued: { webcall: 3 } },
});

test("idle reserved slots are idle and not free", () => {
  expect([said(sharedTile(POOL)), said(reservedTile(POOL))]).toEqual([
    "Shared free 1 / 8",
    "Reserved 12 / 20 4 idle",
  ]);
});

describe("what is in use", () => {
  const of = (active: number, limit = 20) =>
    inUseTile(poolOf(limit, { a: { active: { chat: active } } }));

  test("is said with its share", () => {
    expect(said(of(17))).toBe("In use 17 / 20 (85 %)");
  });

  test("turns amber from 85 % and red at the limit", () => {
    expect([16, 17, 19, 20, 22].map((active) => of(active).tone)).toEqual([
      "plain",
      "warning",
      "warning",
      "danger",
      "danger",
    ]);
  });

  test("is not full before it is", () => {
    expect(of(1_999, 2_000).more).toBe("(99 %)");
  });

  test("has a share without a limit as well", () => {
    expect(of(0, 0).more).toBe("(0 %)");
  });
});

test("who waits is said with the longest wait and the next start, as far as they are known", () => {
  expect(said(waitingTile(POOL, "42 s", 21_000))).toBe(
    "Waiting 3 longest 42 s · next starts in about 20 s",
  );
  expect(said(waitingTile(POOL, "42 s", 500))).toContain("next starts in a moment");
  expect(said(waitingTile(POOL, undefined, undefined))).toBe("Waiting 3");
  expect(said(waitingTile(poolOf(20, {}), "42 s", 1))).toBe("Waiting 0");
});

test("a pool without reservations and one without shared slots say so", () => {
  expect(said(reservedTile(poolOf(20, {})))).toBe("Reserved 0 / 20");
  expect(said(sharedTile(poolOf(5, { a: { reserved: { chat: 5 } } })))).toBe(
    "Shared free 0 / 0 every slot is reserved",
  );
});
