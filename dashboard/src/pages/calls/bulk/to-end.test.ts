import { describe, expect, it } from "vitest";
import { NO_FILTERS } from "../filters/filters";
import { activeCall, agentOf, callOf, poolOf } from "../live.fixture";
import { allCalls, consequence, howMany, theseCalls } from "./to-end";

const NO_USE = { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };
const SUPPORT = agentOf("support", { queued: 7, active: 4 });
SUPPORT.types.chat = { ...NO_USE, queued: 5, active: 1 };
const POOL = poolOf([SUPPORT, agentOf("sales", { queued: 1, active: 2 })], {
  queued: 8,
  active: 6,
});
const CALLS = [callOf("q1"), activeCall("a1")];

function all(over: Partial<typeof NO_FILTERS>, isComplete = true) {
  return allCalls({ ...NO_FILTERS, ...over }, CALLS, POOL, {
    nameOf: (id) => id.toUpperCase(),
    isComplete,
  });
}

describe("all calls that match", () => {
  it("are told to the server as filters that it has, and counted as it counts them", () => {
    expect(all({ agent: "support" })).toEqual({
      queued: 7,
      active: 4,
      asks: [{ agent: "support" }],
      of: "SUPPORT",
    });
    expect(all({ agent: "support", type: "chat", view: "queued" })).toEqual({
      queued: 5,
      active: 0,
      asks: [{ agent: "support", type: "chat", state: "queued" }],
      of: "Chat, SUPPORT",
    });
    expect(all({ view: "active" })).toMatchObject({ queued: 0, active: 6, of: "" });
  });

  it("of a gate are counted as they are shown, and told by their ids where more may match", () => {
    expect(all({ gate: "spring", view: "queued" })).toEqual({
      queued: 1,
      active: 0,
      asks: [{ gate: "spring", state: "queued" }],
      of: "spring",
    });
    expect(all({ gate: "spring" }, false)).toEqual({
      queued: 1,
      active: 1,
      asks: [{ ids: ["q1", "a1"] }],
    });
  });

  it("are told by their ids where it has no such filter", () => {
    const found = { queued: 1, active: 1, asks: [{ ids: ["q1", "a1"] }] };
    expect(all({ text: "1", agent: "support" })).toEqual(found);
    expect(all({ leastWaitS: 5 })).toEqual(found);
  });

  it("are never simply all live calls, nor those of a list of ended ones", () => {
    expect(all({})).toBeUndefined();
    expect(all({ view: "live" })).toBeUndefined();
    expect(all({ view: "ended", agent: "support" })).toBeUndefined();
    expect(all({ reason: "canceled", agent: "support" })).toBeUndefined();
  });
});

it("more ids than the API takes at once are sent one part after the other", () => {
  const many = Array.from({ length: 20_001 }, (_, at) => callOf(`c${at}`));
  const { asks } = theseCalls(many);
  expect(asks.map(({ ids }) => ids?.length)).toEqual([10_000, 10_000, 1]);
  expect(howMany(theseCalls(many))).toBe("20,001 queued calls");
  expect(howMany(theseCalls(CALLS))).toBe("2 calls");
});

it("what an end does is said of those that wait and of those that are active", () => {
  expect(consequence(theseCalls(CALLS))).toEqual([
    "1 queued call will leave the queue as canceled, without a slot.",
    "Callslot frees the slot of 1 active call and records it as completed. The callers are cut off only if the engines hang up.",
  ]);
  expect(consequence(theseCalls([callOf("q")]))).toHaveLength(1);
});
