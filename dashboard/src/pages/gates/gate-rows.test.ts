// @vitest-environment jsdom

import { expect, it } from "vitest";
import { gateOf } from "../calls/live.fixture";
import { foundGates, progressOf, rowsOf } from "./gate-rows";
import { readOf, rowOf } from "./gates.fixture";

const SPRING = gateOf("spring", { name: "Spring", kind: "campaign" });
const TRUNK = gateOf("trunk-1", { name: "A trunk", kind: "trunk" });
const GATES = new Map([SPRING, TRUNK].map((gate) => [gate.id, gate]));

it("settings are as they are live, and figures as they were read", () => {
  const old = readOf({ ...SPRING, paused: true }, { ended: 3, queued: 9 });
  const rows = rowsOf(GATES, { gates: new Map([["spring", old]]), atMs: 1 }, undefined);
  expect(rows.map(({ id, paused, queued }) => [id, paused, queued])).toEqual([
    ["trunk-1", false, undefined],
    ["spring", false, 9],
  ]);
  const counts = { active: new Map(), queued: new Map([["spring", 8]]) };
  expect(rowsOf(GATES, undefined, counts)[1]).toMatchObject({ active: 0, queued: 8 });
});

it("gates are found by words of their names and ids, and by kind", () => {
  const rows = rowsOf(GATES, undefined, undefined);
  const ids = (search: string, kind?: "trunk") =>
    foundGates(rows, search, kind).map(({ id }) => id);
  expect(ids("")).toEqual(["trunk-1", "spring"]);
  expect(ids("trunk 1 a")).toEqual(["trunk-1"]);
  expect(ids("", "trunk")).toEqual(["trunk-1"]);
  expect(ids("spring", "trunk")).toEqual([]);
});

it("a campaign with calls has a progress, no other gate has", () => {
  const figures = { ended: 30, active: 10, queued: 60 };
  expect(progressOf(rowOf(SPRING, figures))).toEqual({ done: 30, total: 100 });
  expect(progressOf(rowOf(TRUNK, figures))).toBeUndefined();
  expect(progressOf(rowOf(SPRING))).toBeUndefined();
});
