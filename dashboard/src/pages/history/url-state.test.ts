import { describe, expect, it } from "vitest";
import { fillOf, readView, type View, writeView } from "./url-state";

const DEFAULT: View = {
  span: { preset: "24h" },
  by: "agent",
  fill: undefined,
  isTable: false,
  isCompared: true,
  weeks: undefined,
};

describe("the address", () => {
  it("of the last day has nothing in it", () => {
    expect(writeView(DEFAULT)).toBe("/history");
    expect(readView("")).toEqual(DEFAULT);
  });

  it("has a preset, what active calls are stacked by, what is filled, and the table", () => {
    const view: View = {
      ...DEFAULT,
      span: { preset: "7d" },
      by: "type",
      fill: "peak",
      isTable: true,
    };
    expect(writeView(view)).toBe("/history?span=7d&by=type&fill=peak&view=table");
  });

  it("may be by gate", () => {
    expect(readView("by=gate").by).toBe("gate");
    expect(writeView({ ...DEFAULT, by: "gate" })).toBe("/history?by=gate");
  });

  it("has times to the minute, and to the millisecond where they have them", () => {
    const fromMs = Date.parse("2026-11-24T10:00:00Z");
    const span = { fromMs, toMs: fromMs + 61_000 };
    expect(writeView({ ...DEFAULT, span })).toBe(
      "/history?from=2026-11-24T10:00Z&to=2026-11-24T10:01:01Z",
    );
  });

  it("is read as it was written", () => {
    const fromMs = Date.parse("2026-11-24T10:00:00Z");
    for (const span of [{ preset: "30d" }, { fromMs, toMs: fromMs + 1 }] as const) {
      for (const by of ["none", "agent", "type"] as const) {
        for (const fill of [undefined, "peak", "mean"] as const) {
          const isTable = by === "type";
          const weeks = by === "none" ? 13 : undefined;
          const view: View = { span, by, fill, isTable, isCompared: !isTable, weeks };
          expect(readView(writeView(view).split("?")[1] ?? "")).toEqual(view);
        }
      }
    }
  });

  it.each([
    "span=9y",
    "by=nobody&fill=both&view=pie&compare=all&weeks=5",
    "from=2026-11-24T10:00Z",
    "from=2026-11-24T10:00Z&to=2026-11-24T09:00Z",
    "from=2026-11-24T10:00Z&to=2026-11-24T10:00Z",
    "from=yesterday&to=today",
    "from=2026-11-24T10:00Z&to=%2B275760-09-13T00:00Z",
    "from=1969-12-31T23:59Z&to=2026-11-24T10:00Z",
  ])("that is not understood (%s) shows the last day", (search) => {
    expect(readView(search)).toEqual(DEFAULT);
  });

  it("with times passes over a preset", () => {
    const view = readView("span=1h&from=2026-11-24T10:00Z&to=2026-11-24T11:00Z");
    expect(view.span).not.toHaveProperty("preset");
  });
});

it("what is filled is the peak, but the mean where calls are stacked, as only means add up", () => {
  expect(fillOf({ by: "none", fill: undefined })).toBe("peak");
  expect(fillOf({ by: "agent", fill: undefined })).toBe("mean");
  expect(fillOf({ by: "type", fill: "peak" })).toBe("peak");
});
