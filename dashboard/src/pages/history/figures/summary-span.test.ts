import { describe, expect, it, vi } from "vitest";
import { rangeOf } from "../span/span";
import { summarySpan } from "./summary-span";

const MIN = 60_000;
const at = (text: string) => Date.parse(`2026-11-${text}Z`);

describe("figures of an entire span", () => {
  it("are one point for a past day", () => {
    const range = { fromMs: at("23T00:00"), toMs: at("24T00:00"), isLive: false };
    expect(summarySpan(range)).toMatchObject({ ...pick(range), stepS: 86_400, isWhole: true });
  });

  it("are one point for a past hour that begins with one", () => {
    const range = { fromMs: at("23T10:00"), toMs: at("23T11:00"), isLive: false };
    expect(summarySpan(range)).toMatchObject({ stepS: 3600, isWhole: true });
  });

  it("are not one point where a longer one would hold more than the span", () => {
    const range = { fromMs: at("23T10:30"), toMs: at("23T11:30"), isLive: false };
    expect(summarySpan(range)).toMatchObject({ ...pick(range), stepS: 1800, isWhole: false });
  });

  it("are points of hours where the span is longer than a day", () => {
    const range = { fromMs: at("10T07:00"), toMs: at("17T07:00"), isLive: false };
    expect(summarySpan(range)).toMatchObject({ stepS: 3600, isWhole: false });
  });

  it("are points of hours, found at once, for a live year", () => {
    const stepped = vi.spyOn(Math, "ceil");
    const range = { fromMs: at("24T00:00") - 365 * 1440 * MIN, toMs: at("24T00:00"), isLive: true };
    expect(summarySpan(range)).toMatchObject({ stepS: 3600, isWhole: false });
    expect(stepped.mock.calls.length).toBeLessThan(10);
    stepped.mockRestore();
  });

  it("are points of hours for each preset longer than an hour", () => {
    const now = at("24T14:23:45");
    for (const preset of ["24h", "7d", "30d"] as const) {
      expect(summarySpan(rangeOf({ preset }, 300, now)).stepS).toBe(3600);
    }
  });

  it("are one point for nearly every last hour, which then may be three minutes longer", () => {
    let whole = 0;
    for (let minute = 0; minute < 500; minute += 1) {
      const range = rangeOf({ preset: "1h" }, 60, at("24T14:23:45") + minute * MIN);
      const span = summarySpan(range);
      expect(range.fromMs - span.fromMs).toBeLessThanOrEqual(4 * MIN);
      if (!span.isWhole) continue;
      whole += 1;
      const stepMs = span.stepS * 1000;
      expect(span.fromMs % stepMs).toBe(0);
      expect(span.fromMs + stepMs).toBeGreaterThanOrEqual(span.toMs);
      expect(span.stepS).toBeLessThanOrEqual(86_400);
    }
    expect(whole).toBeGreaterThan(450);
  });

  it("never take in what lies outside of a past span", () => {
    for (let minute = 0; minute < 300; minute += 7) {
      const fromMs = at("20T00:00") + minute * MIN;
      const range = { fromMs, toMs: fromMs + (minute + 5) * MIN, isLive: false };
      const span = summarySpan(range);
      expect(span).toMatchObject(pick(range));
      expect(range.fromMs % (span.stepS * 1000)).toBe(0);
      expect(range.toMs % (span.stepS * 1000)).toBe(0);
    }
  });
});

function pick({ fromMs, toMs }: { fromMs: number; toMs: number }) {
  return { fromMs, toMs };
}
