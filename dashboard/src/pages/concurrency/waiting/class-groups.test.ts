// @vitest-environment jsdom

import { expect, test } from "vitest";
import { queuedCall } from "../pool.fixture";
import { classGroups } from "./class-groups";

test("an empty queue has no groups", () => {
  expect(classGroups([])).toEqual([]);
});

test("calls are grouped by agent and type, in the order of their earliest", () => {
  const groups = classGroups([
    queuedCall("1", { agent: "b", type: "chat", requested_at: "2026-01-01T00:00:01.000Z" }),
    queuedCall("2", { agent: "a", type: "chat", blocked_on: "agent_cap" }),
    queuedCall("3", { agent: "b", type: "inbound" }),
    queuedCall("4", { agent: "b", type: "chat", requested_at: "2026-01-01T00:00:09.000Z" }),
  ]);
  expect(
    groups.map(({ agent, type, calls, first }) => [agent, type, calls, first.position]),
  ).toEqual([
    ["b", "chat", 2, 1],
    ["a", "chat", 1, 2],
    ["b", "inbound", 1, 3],
  ]);
  expect(groups[0]?.first.call.requested_at).toBe("2026-01-01T00:00:01.000Z");
  expect(groups[1]?.first.call.blocked_on).toBe("agent_cap");
});

test("ids that are names of JavaScript's own are ids like any other", () => {
  const groups = classGroups([
    queuedCall("1", { agent: "__proto__" }),
    queuedCall("2", { agent: "constructor" }),
  ]);
  expect(groups.map(({ agent }) => agent)).toEqual(["__proto__", "constructor"]);
});

test("ten thousand calls of a thousand agents are grouped once each", () => {
  const queue = Array.from({ length: 10_000 }, (_, index) =>
    queuedCall(String(index), { agent: `a${index % 1000}` }),
  );
  const groups = classGroups(queue);
  expect(groups).toHaveLength(1000);
  expect(groups.every(({ calls }) => calls === 10)).toBe(true);
});
