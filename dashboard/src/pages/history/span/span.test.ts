import { describe, expect, it } from "vitest";
import {
  longerStep,
  PRESETS,
  pointsFor,
  rangeOf,
  refreshMs,
  type Span,
  spanProblem,
  stepFor,
  widened,
  zoomed,
} from "./span";

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-24T14:23:45.678Z");

const iso = (ms: number) => new Date(ms).toISOString();
const custom = (length: number): Span => ({ fromMs: NOW - length, toMs: NOW });

describe("the step", () => {
  it.each([
    ["1h", 1280, 60],
    ["24h", 1280, 300],
    ["7d", 1280, 3600],
    ["30d", 1280, 10_800],
    ["1h", 360, 60],
    ["24h", 360, 900],
    ["7d", 360, 7200],
    ["30d", 360, 43_200],
  ] as const)("of %s in a window of %i px is %i s", (preset, px, stepS) => {
    expect(stepFor({ preset }, pointsFor(px))).toBe(stepS);
  });

  it("leaves no more than 500 points in any window and any span", () => {
    for (const px of [320, 768, 1280, 3840]) {
      for (const length of [5 * MIN, HOUR, 3 * HOUR, DAY, 9 * DAY, 90 * DAY]) {
        const points = length / 1000 / stepFor(custom(length), pointsFor(px));
        expect(points).toBeLessThanOrEqual(500);
      }
    }
  });

  it("is a day at the most, as the server has it", () => {
    expect(stepFor(custom(5000 * DAY), 300)).toBe(86_400);
  });

  it("has a longer one until it is a day", () => {
    expect(longerStep(60)).toBe(120);
    expect(longerStep(43_200)).toBe(86_400);
    expect(longerStep(86_400)).toBeUndefined();
  });
});

describe("the range", () => {
  it("of the last hour begins with a minute and ends now", () => {
    const range = rangeOf({ preset: "1h" }, 60, NOW);
    expect(iso(range.fromMs)).toBe("2026-11-24T13:23:00.000Z");
    expect(range).toMatchObject({ toMs: NOW, isLive: true });
  });

  it("of longer presets begins with a whole hour", () => {
    for (const preset of PRESETS.slice(1)) {
      expect(rangeOf({ preset }, 300, NOW).fromMs % HOUR).toBe(0);
    }
  });

  it("of a custom span is widened to whole steps", () => {
    const span = {
      fromMs: Date.parse("2026-11-24T10:07:00Z"),
      toMs: Date.parse("2026-11-24T11:58:00Z"),
    };
    const range = rangeOf(span, 300, NOW);
    expect(iso(range.fromMs)).toBe("2026-11-24T10:05:00.000Z");
    expect(iso(range.toMs)).toBe("2026-11-24T12:00:00.000Z");
    expect(range.isLive).toBe(false);
  });

  it("of a custom span that has not ended is live", () => {
    expect(rangeOf({ fromMs: NOW - HOUR, toMs: NOW + 1 }, 60, NOW).isLive).toBe(true);
  });
});

describe("reading again", () => {
  const again = (span: Span, stepS: number, nowMs = NOW) =>
    refreshMs(rangeOf(span, stepS, nowMs), stepS);

  it("is every 15 s for minutes, else every step, and every 5 min at the latest", () => {
    expect(again({ preset: "1h" }, 60)).toBe(15_000);
    expect(again({ preset: "24h" }, 120)).toBe(120_000);
    expect(again({ preset: "30d" }, 21_600)).toBe(300_000);
  });

  it("is not done for what is over", () => {
    expect(again({ fromMs: NOW - DAY, toMs: NOW - HOUR }, 60)).toBe(false);
    expect(again({ fromMs: NOW - DAY, toMs: NOW + HOUR }, 60)).toBe(15_000);
  });

  it("goes on until the last point of a span is over", () => {
    const span = { fromMs: NOW - 9 * DAY, toMs: NOW - MIN };
    expect(again(span, 3600)).toBe(300_000);
    expect(again(span, 3600, NOW + HOUR)).toBe(false);
  });
});

describe("zooming", () => {
  it("takes what was drawn over", () => {
    const span = zoomed(NOW - 2 * HOUR - 23_678, NOW - HOUR, NOW);
    expect(span).toEqual({
      fromMs: Date.parse("2026-11-24T12:23:00Z"),
      toMs: Date.parse("2026-11-24T13:24:00Z"),
    });
  });

  it("goes no further than five minutes", () => {
    const span = zoomed(NOW - HOUR, NOW - HOUR + 1, NOW) as { fromMs: number; toMs: number };
    expect(span.toMs - span.fromMs).toBeGreaterThanOrEqual(5 * MIN);
    expect(span.fromMs).toBeLessThan(NOW - HOUR);
  });

  it("does not reach into the future, not even when what was drawn over ends now", () => {
    const span = zoomed(NOW - 1, NOW, NOW) as { fromMs: number; toMs: number };
    expect(span.toMs).toBe(Date.parse("2026-11-24T14:24:00Z"));
    expect(span.toMs - span.fromMs).toBeGreaterThanOrEqual(5 * MIN);
  });

  it("out shows twice as much around the same middle", () => {
    const range = { fromMs: NOW - 3 * DAY, toMs: NOW - 2 * DAY, isLive: false };
    const span = widened(range, NOW) as { fromMs: number; toMs: number };
    expect((span.toMs - span.fromMs) / DAY).toBeCloseTo(2, 2);
    expect((span.fromMs + span.toMs) / 2 / DAY).toBeCloseTo((NOW - 2.5 * DAY) / DAY, 2);
  });
});

it("a span must begin before it ends and before now", () => {
  expect(spanProblem(1, 2, 3)).toBeUndefined();
  expect(spanProblem(1, 9, 3)).toBeUndefined();
  expect(spanProblem(undefined, 2, 3)).toContain("a start");
  expect(spanProblem(1, undefined, 3)).toContain("an end");
  expect(spanProblem(2, 2, 3)).toContain("later end");
  expect(spanProblem(4, 5, 3)).toContain("future");
});
