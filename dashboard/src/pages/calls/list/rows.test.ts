import { describe, expect, it } from "vitest";
import type { Call } from "../../../domain";
import { type Filters, NO_FILTERS, type Sort } from "../filters/filters";
import { activeCall, ago, callOf, endedCall, liveOf, NOW } from "../live.fixture";
import { listedRows, liveRows, rowKey, sorted } from "./rows";

const NAMES = new Map([
  ["b", "Alpha"],
  ["a", "zeta"],
]);

const CALLS: Call[] = [
  callOf("q1", { agent: "a", type: "chat", requested_at: ago(30) }),
  callOf("q2", { agent: "b", type: "inbound", requested_at: ago(20) }),
  callOf("q3", { agent: "a", type: "inbound", requested_at: ago(10) }),
  activeCall("old", { agent: "a", type: "chat", requested_at: ago(90), started_at: ago(50) }),
  activeCall("new", { agent: "b", type: "webcall", requested_at: ago(5), started_at: ago(5) }),
];

function shown(over: Partial<Filters>): string {
  const rows = liveRows(liveOf(CALLS), { ...NO_FILTERS, ...over }, NOW);
  return sorted(rows, over.sort, NAMES, NOW)
    .map(({ call, position }) => (position === undefined ? call.id : `${call.id}@${position}`))
    .join(" ");
}

describe("live rows", () => {
  it("are queued calls in ticket order, then active ones, newest first", () => {
    expect(shown({})).toBe("q1@1 q2@2 q3@3 new old");
  });

  it("are of one state when it is asked for", () => {
    expect(shown({ view: "queued" })).toBe("q1@1 q2@2 q3@3");
    expect(shown({ view: "active" })).toBe("new old");
  });

  it("keep the position in the whole queue when others are left out", () => {
    expect(shown({ agent: "a" })).toBe("q1@1 q3@3 old");
    expect(shown({ agent: "a", type: "inbound" })).toBe("q3@3");
    expect(shown({ agent: "nobody" })).toBe("");
  });

  it("are those that have waited long enough, whether they still do or not", () => {
    expect(shown({ leastWaitS: 20 })).toBe("q1@1 q2@2 old");
    expect(shown({ leastWaitS: 60 })).toBe("");
  });

  it("are found by a part of their ids or of their metadata, in small letters or not", () => {
    const calls = [
      { ...callOf("SIP-1"), metadata: { campaign: "Spring", to: { number: "+4930" } } as never },
      { ...callOf("web-2"), metadata: { tries: 3 } as never },
    ];
    const found = (text: string) =>
      liveRows(liveOf(calls), { ...NO_FILTERS, text }, NOW).map(({ call }) => call.id);
    expect(found("ip-1")).toEqual(["SIP-1"]);
    expect(found("spring")).toEqual(["SIP-1"]);
    expect(found("campaign: SPR")).toEqual(["SIP-1"]);
    expect(found("+4930")).toEqual(["SIP-1"]);
    expect(found("tries: 3")).toEqual(["web-2"]);
    expect(found("autumn")).toEqual([]);
  });

  it.each<[Sort["key"], boolean, string]>([
    ["agent", false, "q2@2 new q1@1 q3@3 old"],
    ["agent", true, "q1@1 q3@3 old q2@2 new"],
    ["type", false, "new q1@1 old q2@2 q3@3"],
    ["waited", true, "old q1@1 q2@2 q3@3 new"],
    ["waited", false, "new q3@3 q2@2 q1@1 old"],
    ["lasted", true, "old new q1@1 q2@2 q3@3"],
    ["lasted", false, "new old q1@1 q2@2 q3@3"],
  ])("by %s, descending: %s", (key, isDescending, expected) => {
    expect(shown({ sort: { key, isDescending } })).toBe(expected);
  });

  it("ask each call once for what they are sorted by, however many there are", () => {
    let asked = 0;
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      ...callOf(`c${index}`),
      get requested_at() {
        asked += 1;
        return ago(index % 97);
      },
    }));
    const sort = { key: "waited", isDescending: true } as const;
    const live = { queue: many, active: new Map<string, Call>() };
    const waits = sorted(liveRows(live, NO_FILTERS, NOW), sort, NAMES, NOW);
    expect(asked).toBe(10_000);
    expect(waits[0]?.call.id).toBe("c96");
    expect(waits.at(-1)?.call.id).toBe("c9991");
  });

  it("stay the same objects while nothing is new in them, so that they are not drawn again", () => {
    const [q1, q2, , old] = CALLS as [Call, Call, Call, Call];
    const active = new Map([[old.id, old]]);
    const rowsOf = (...queue: Call[]) => liveRows({ queue, active }, NO_FILTERS, NOW);
    const before = rowsOf(q1, q2);
    const after = rowsOf(q2);
    expect(after.map(({ call, position }) => `${call.id}@${position}`)).toEqual([
      "q2@1",
      "old@undefined",
    ]);
    expect(after[0]).not.toBe(before[1]);
    expect(after[1]).toBe(before[2]);
    expect(rowsOf(q2)[0]).toBe(after[0]);
  });
});

it("listed rows have the server's order and positions", () => {
  const rows = listedRows([callOf("b", { position: 7 }), activeCall("a")]);
  expect(rows.map(({ call, position }) => [call.id, position])).toEqual([
    ["b", 7],
    ["a", undefined],
  ]);
});

it("ended calls are told apart by their ends: an id may have been used again", () => {
  const [first, second] = [endedCall("a", { ended_at: ago(60) }), endedCall("a")];
  const rows = listedRows([second, first]);
  expect(rows.map(({ call }) => call)).toEqual([second, first]);
  expect(new Set(rows.map(rowKey)).size).toBe(2);
  const sort = { key: "ended", isDescending: false } as const;
  expect(sorted(rows, sort, NAMES, NOW).map(({ call }) => call)).toEqual([first, second]);
});

it("a call that started while pages were read is listed once, as it was read last", () => {
  const rows = listedRows([
    callOf("a", { position: 1 }),
    callOf("b", { position: 2 }),
    activeCall("a"),
  ]);
  expect(rows.map(({ call, position }) => [call.id, call.state, position])).toEqual([
    ["a", "active", undefined],
    ["b", "queued", 2],
  ]);
});
