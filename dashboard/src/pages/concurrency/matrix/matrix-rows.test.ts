// @vitest-environment jsdom

import { describe, expect, test } from "vitest";
import { poolOf } from "../pool.fixture";
import { inOrder, matrixRows, nextSort, type Sort, totalsOf, type View } from "./matrix-rows";

const { agents } = poolOf(30, {
  billing: { name: "Billing", reserved: { chat: 4 }, active: { chat: 1 } },
  guest: { name: "Guest", active: { webcall: 3 }, queued: { webcall: 2 }, cap: 3 },
  idle: { name: "Idle", cap: 5 },
  sales: { name: "Sales", reserved: { chat: 2 }, active: { chat: 6 }, cap: 10 },
  survey: { name: "Survey", queued: { outbound: 7 } },
});

function ids(view: Partial<View>): string[] {
  const all: View = { show: "all", search: "", agent: undefined, sort: undefined };
  return matrixRows(agents, { ...all, ...view }).map(({ id }) => id);
}

test("who waits comes first, then who uses most, then who has most reserved", () => {
  expect(ids({})).toEqual(["survey", "guest", "sales", "billing", "idle"]);
});

test.each([
  ["reserved", ["sales", "billing"]],
  ["waiting", ["survey", "guest"]],
  ["at-cap", ["guest"]],
  ["in-use", ["guest", "sales", "billing"]],
  ["shared", ["guest", "sales"]],
] as const)("%s lists only those", (show, expected) => {
  expect(ids({ show })).toEqual(expected);
});

test("a search and one agent narrow what is listed", () => {
  expect(ids({ search: "s" })).toEqual(["survey", "guest", "sales"]);
  expect(ids({ agent: "sales" })).toEqual(["sales"]);
  expect(ids({ agent: "sales", show: "waiting" })).toEqual([]);
});

describe("rows are ordered", () => {
  const by = (key: Sort["key"], isDescending = true) => ids({ sort: { key, isDescending } });

  test("by name both ways", () => {
    expect(by("agent", false)).toEqual(["billing", "guest", "idle", "sales", "survey"]);
    expect(by("agent", true)[0]).toBe("survey");
  });

  test("by a type: its use, then its reservation", () => {
    expect(by("chat").slice(0, 2)).toEqual(["sales", "billing"]);
    expect(by("outbound")[0]).toBe("survey");
  });

  test("by use, by who waits, and by cap, none being more than any", () => {
    expect(by("in-use").slice(0, 2)).toEqual(["sales", "guest"]);
    expect(by("waiting").slice(0, 2)).toEqual(["survey", "guest"]);
    expect(by("cap", false).slice(0, 3)).toEqual(["guest", "idle", "sales"]);
  });
});

test("by how long calls waited, those without calls last", () => {
  const waits = new Map([
    ["idle", 0],
    ["billing", 9_000],
  ]);
  const sort = { key: "wait-p95", isDescending: true } as const;
  const view: View = { show: "all", search: "", agent: undefined, sort };
  const [first, second] = matrixRows(agents, view, waits);
  expect([first?.id, second?.id]).toEqual(["billing", "idle"]);
});

test("a head orders one way, then the other, then not at all", () => {
  const first = nextSort(undefined, "chat");
  expect(first).toEqual({ key: "chat", isDescending: true });
  const second = nextSort(first, "chat");
  expect(second).toEqual({ key: "chat", isDescending: false });
  expect(nextSort(second, "chat")).toBeUndefined();
  expect(nextSort(first, "agent")).toEqual({ key: "agent", isDescending: false });
});

test("rows that are held keep their places, and new ones come after them", () => {
  const held = inOrder(agents, ["sales", "gone", "billing"]).map(({ id }) => id);
  expect(held).toEqual(["sales", "billing", "guest", "idle", "survey"]);
});

test("the foot sums up what is listed", () => {
  const totals = totalsOf(agents);
  expect(totals.types.chat).toEqual({
    reserved: 6,
    active: 7,
    queued: 0,
    reserved_in_use: 3,
    shared_in_use: 4,
  });
  expect([totals.active, totals.queued]).toEqual([10, 9]);
});
