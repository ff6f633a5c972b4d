import { describe, expect, it } from "vitest";
import {
  type Filters,
  hrefOf,
  isListedByServer,
  isNarrowed,
  NO_FILTERS,
  nextSort,
  readCallId,
  readFilters,
  showsEnded,
  showsLive,
} from "./filters";

const ENDED: Filters = {
  ...NO_FILTERS,
  view: "ended",
  text: "sip & co",
  agent: "front.desk:1",
  type: "outbound",
  reason: "max_wait",
  leastWaitS: 30,
  span: {
    kind: "between",
    from: "2026-11-01T00:00:00.000Z",
    to: "2026-11-02T12:30:00.000Z",
  },
  sort: { key: "ended", isDescending: false },
  columns: ["type", "note"],
};

describe("filters and the address", () => {
  it("an address without filters shows all calls, and the other way round", () => {
    expect(readFilters("")).toEqual(NO_FILTERS);
    expect(hrefOf(NO_FILTERS)).toBe("/calls");
  });

  it.each<[string, Filters]>([
    ["ended calls with everything", ENDED],
    ["a span that ends now", { ...NO_FILTERS, view: "ended", span: { kind: "last", last: "24h" } }],
    [
      "a span without an end",
      {
        ...NO_FILTERS,
        view: "ended",
        span: { kind: "between", from: "2026-11-01T00:00:00.000Z", to: undefined },
      },
    ],
    [
      "a sorted queue",
      { ...NO_FILTERS, view: "queued", sort: { key: "waited", isDescending: true } },
    ],
    ["an agent and a type", { ...NO_FILTERS, agent: "a", type: "chat" }],
  ])("%s survive the way through the address", (_name, filters) => {
    const href = hrefOf(filters);
    expect(readFilters(href.slice(href.indexOf("?")))).toEqual(filters);
  });

  it("the open call is part of the address, whatever characters its id has", () => {
    const id = "a?b&c=d#<script>%20@pbx";
    const href = hrefOf({ ...NO_FILTERS, view: "queued" }, id);
    const search = href.slice(href.indexOf("?"));
    expect(readCallId(search)).toBe(id);
    expect(readFilters(search).view).toBe("queued");
  });

  it("what concerns ended calls alone is passed over where there are none", () => {
    expect(readFilters("?state=active&reason=canceled&wait_s=5&last=1h")).toEqual({
      ...NO_FILTERS,
      view: "active",
      leastWaitS: 5,
    });
    expect(hrefOf({ ...ENDED, view: "active", sort: undefined })).toBe(
      "/calls?state=active&q=sip+%26+co&agent=front.desk%3A1&type=outbound&wait_s=30&columns=type.note",
    );
  });

  it("columns are known ones, in the order of the table", () => {
    expect(readFilters("?columns=note.__proto__.type.note").columns).toEqual(["type", "note"]);
  });

  it.each([
    "?state=gone",
    "?agent=no%20spaces",
    `?agent=${"a".repeat(65)}`,
    "?type=fax",
    "?sort=note",
    "?sort=-",
    "?state=__proto__",
    "?q=%20",
    "?columns=nothing.else",
  ])("%s says nothing that can be", (search) => {
    expect(readFilters(search)).toEqual(NO_FILTERS);
  });

  it.each([
    "wait_s=-1",
    "wait_s=0",
    "wait_s=1e3",
    "wait_s=99999999999",
    "from=yesterday",
    "to=%2B275760-09-13",
    "last=constructor",
    "reason=toString",
  ])("?state=ended&%s says nothing that can be", (search) => {
    expect(readFilters(`?state=ended&${search}`)).toEqual({ ...NO_FILTERS, view: "ended" });
  });

  it.each(["", "?call=", "?call=with%20space", `?call=${"x".repeat(256)}`, "?call=%00", "?call=ü"])(
    "no call is opened by %j",
    (search) => expect(readCallId(search)).toBeUndefined(),
  );
});

describe("what filters ask for", () => {
  it("a view alone narrows nothing, every filter does", () => {
    expect(isNarrowed({ ...NO_FILTERS, view: "ended" })).toBe(false);
    expect(isNarrowed({ ...NO_FILTERS, sort: { key: "agent", isDescending: false } })).toBe(false);
    expect(isNarrowed({ ...NO_FILTERS, agent: "a" })).toBe(true);
    expect(isNarrowed({ ...NO_FILTERS, type: "chat" })).toBe(true);
    expect(isNarrowed({ ...NO_FILTERS, reason: "canceled" })).toBe(true);
    expect(isNarrowed({ ...NO_FILTERS, text: "a" })).toBe(true);
    expect(isNarrowed({ ...NO_FILTERS, leastWaitS: 1 })).toBe(true);
    expect(isNarrowed({ ...NO_FILTERS, span: { kind: "last", last: "1h" } })).toBe(true);
  });

  it.each<[Partial<Filters>, boolean, boolean]>([
    [{}, true, true],
    [{ view: "live" }, true, false],
    [{ view: "queued" }, true, false],
    [{ view: "ended" }, false, true],
    [{ reason: "canceled" }, false, true],
    [{ span: { kind: "last", last: "1h" } }, false, true],
    [{ text: "sip-" }, true, true],
    // No id has a space in it.
    [{ text: "spring campaign" }, true, false],
  ])("%j can be live: %s, ended: %s", (over, isLive, isEnded) => {
    const filters = { ...NO_FILTERS, ...over };
    expect([showsLive(filters), showsEnded(filters)]).toEqual([isLive, isEnded]);
  });

  it("the server lists live calls of an agent or a type when not all are known", () => {
    expect(isListedByServer({ ...NO_FILTERS, agent: "a" }, true)).toBe(false);
    expect(isListedByServer({ ...NO_FILTERS, agent: "a" }, false)).toBe(true);
    expect(isListedByServer({ ...NO_FILTERS, type: "chat" }, false)).toBe(true);
    expect(isListedByServer(NO_FILTERS, false)).toBe(false);
  });
});

describe("sorting by a column", () => {
  it("goes one way, then the other, then back to the queue's order", () => {
    const first = nextSort(undefined, "agent");
    expect(first).toEqual({ key: "agent", isDescending: false });
    const second = nextSort(first, "agent");
    expect(second).toEqual({ key: "agent", isDescending: true });
    expect(nextSort(second, "agent")).toBeUndefined();
  });

  it("shows the longest first where time is sorted by", () => {
    const first = nextSort({ key: "agent", isDescending: true }, "waited");
    expect(first).toEqual({ key: "waited", isDescending: true });
    expect(nextSort(first, "waited")).toEqual({ key: "waited", isDescending: false });
    expect(nextSort({ key: "lasted", isDescending: false }, "lasted")).toBeUndefined();
  });
});

it("a gate narrows the list, and is in the address", () => {
  const filters = { ...NO_FILTERS, gate: "spring" };
  expect(hrefOf(filters)).toBe("/calls?gate=spring");
  expect(readFilters("gate=spring")).toEqual(filters);
  expect(readFilters("gate=no%20id").gate).toBeUndefined();
  expect(isNarrowed(filters)).toBe(true);
  expect(isListedByServer(filters, false)).toBe(true);
});
