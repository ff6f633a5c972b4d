import { expect, it } from "vitest";
import { agentMarker, limitMarker, reservationsMarker, typeMarker } from "../markers.fixture";
import { markerText } from "./marker-text";

it("a change of the limit says the limit and the plan, and whether the operator overrode it", () => {
  expect(markerText(limitMarker(0, 1, 30))).toBe("limit is 30, plan standard");
  expect(markerText(limitMarker(0, 1, 30, 30))).toBe("limit is 30, plan standard (overridden)");
});

it("a change of reservations says who reserves what", () => {
  const marker = reservationsMarker(0, 1, [
    { agent: "support", webcall: 2, chat: 0, inbound: 4 },
    { agent: "sales" },
  ]);
  expect(markerText(marker)).toBe(
    "support reserves 6 (webcall 2, inbound 4); sales reserves nothing",
  );
});

it("a change of an agent says what it is now, or that it is gone", () => {
  expect(markerText(agentMarker(0, 1, { id: "a", name: "Ada", cap: null }))).toBe(
    "agent a is Ada, no cap",
  );
  expect(markerText(agentMarker(0, 1, { id: "a", name: "Ada", cap: 3 }))).toBe(
    "agent a is Ada, a cap of 3",
  );
  expect(markerText(agentMarker(0, 1, null))).toBe("agent a deleted");
});

it("a change of a type says its cap, or that it has none", () => {
  expect(markerText(typeMarker(0, 1, "chat", 3))).toBe("type chat has a cap of 3");
  expect(markerText(typeMarker(0, 1, "chat", null))).toBe("type chat has no cap");
});

it("says who made a change, and whether it was in a browser", () => {
  const change = limitMarker(0, 1, 30);
  const by = (kind: "key" | "session" | "system", name: string) =>
    markerText({ ...change, by: { kind, id: "key_1", name } });
  expect(by("key", "billing")).toBe("limit is 30, plan standard, by billing");
  expect(by("session", "Ada")).toBe("limit is 30, plan standard, by Ada in a browser");
  expect(by("system", "gate_hours")).toBe("limit is 30, plan standard, by Callslot (gate_hours)");
});
