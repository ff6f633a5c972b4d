import { describe, expect, it } from "vitest";
import { activeCall, ago, callOf, endedCall, NOW } from "../live.fixture";
import { lastedMs, shortMoment, waitedMs } from "./call-times";

describe("how long a call waited and lasted", () => {
  it("a queued call waits on and has not lasted", () => {
    expect(waitedMs(callOf("a"), NOW)).toBe(10_000);
    expect(lastedMs(callOf("a"), NOW)).toBeUndefined();
  });

  it("an active call waited until it started, and lasts on", () => {
    expect(waitedMs(activeCall("a"), NOW)).toBe(5_000);
    expect(lastedMs(activeCall("a"), NOW)).toBe(5_000);
  });

  it("an ended call changes no more", () => {
    expect(waitedMs(endedCall("a"), NOW + 99_000)).toBe(5_000);
    expect(lastedMs(endedCall("a"), NOW + 99_000)).toBe(4_000);
  });

  it("a call canceled in the queue waited until then", () => {
    const canceled = callOf("a", { state: "ended", reason: "canceled", ended_at: ago(3) });
    expect(waitedMs(canceled, NOW)).toBe(7_000);
    expect(lastedMs(canceled, NOW)).toBeUndefined();
  });

  it("a clock behind the server's makes no time negative", () => {
    expect(waitedMs(callOf("a"), NOW - 60_000)).toBe(0);
    expect(lastedMs(activeCall("a"), NOW - 60_000)).toBe(0);
  });
});

describe("times for people", () => {
  const now = new Date(2026, 10, 24, 12, 0, 0).getTime();
  const local = (...at: [number, number, number, number, number, number]) =>
    new Date(...at).toISOString();

  it.each([
    [local(2026, 10, 24, 9, 3, 21), "09:03:21"],
    [local(2026, 10, 23, 9, 3, 21), "23 Nov, 09:03"],
    [local(2025, 10, 23, 9, 3, 21), "23 Nov 2025"],
  ])("%s is %s", (at, text) => expect(shortMoment(at, now)).toBe(text));
});
