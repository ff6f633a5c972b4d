import { afterEach, describe, expect, it } from "vitest";
import "./app.fixture";
import { act, renderHook } from "@testing-library/react";
import { axisTimes } from "./chart/axis";
import { clock, moment } from "./format";
import { fromLocalField, toLocalField } from "./pages/shared/local-time-field";
import { beginOfDay, useZone } from "./time-zone";

const AT = Date.UTC(2026, 10, 24, 23, 30);

afterEach(() => chosen("local"));

function chosen(zone: "local" | "utc"): void {
  const { result, unmount } = renderHook(() => useZone());
  act(() => result.current[1](zone));
  expect(result.current[0]).toBe(zone);
  unmount();
}

describe("times in UTC", () => {
  it("are written with the zone, at the time that it is there", () => {
    chosen("utc");
    expect(moment(AT)).toBe("24 Nov 2026, 23:30:00 UTC");
    expect(clock(AT)).toBe("23:30:00");
    expect(axisTimes([AT], 60_000)).toEqual(["23:30\n24 Nov"]);
    expect(beginOfDay(AT)).toBe(Date.UTC(2026, 10, 24));
  });

  it("are what a field for a time takes and gives", () => {
    chosen("utc");
    expect(toLocalField(AT)).toBe("2026-11-24T23:30");
    expect(fromLocalField("2026-11-24T23:30")).toBe(AT);
  });

  it("are kept, and local ones are not", () => {
    chosen("utc");
    expect(localStorage.getItem("callslot.times")).toBe("utc");
    chosen("local");
    expect(localStorage.getItem("callslot.times")).toBeNull();
    expect(moment(AT)).not.toContain("UTC");
    expect(fromLocalField(toLocalField(AT))).toBe(AT);
  });
});
