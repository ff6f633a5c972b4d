import { describe, expect, it } from "vitest";
import type { Call } from "../../../domain";
import type { Happening } from "../../../live/state/event-sentence";
import { activeCall, ago, callOf, endedCall, NOW } from "../live.fixture";
import { timeline } from "./timeline";

function told(call: Call, position?: number, happened: Happening[] = []): string[] {
  return timeline(call, position, happened, NOW).map(({ between, title }) =>
    between === undefined ? title : `(${between}) ${title}`,
  );
}

function happening(kind: Happening["kind"], at: string, call = "a"): Happening {
  return { seq: Date.parse(at), at, kind, call, parts: [] };
}

describe("a call's timeline", () => {
  it("of a queued call ends with its position and why it waits", () => {
    const call = callOf("a", { blocked_on: "agent_cap" });
    expect(told(call, 1234)).toEqual([
      "Requested",
      "Queued",
      "(waiting for 10 s) Position 1,234 in the queue",
    ]);
    expect(timeline(call, 1234, [], NOW).at(-1)?.detail).toBe("Waiting: agent cap reached.");
  });

  it("of a call that started at once has no wait", () => {
    expect(told(activeCall("a", { requested_at: ago(5), slot: "reserved" }))).toEqual([
      "Requested",
      "Started at once on a reserved slot",
      "(active for 5 s) Active",
    ]);
  });

  it("of an ended call says how long it waited and lasted", () => {
    expect(told(endedCall("a", { reason: "lease_expired" }))).toEqual([
      "Requested",
      "Queued",
      "(waited 5 s) Started on a shared slot",
      "(lasted 4 s) Ended: lease expired",
    ]);
  });

  it("of a call canceled in the queue never starts", () => {
    const canceled = callOf("a", { state: "ended", reason: "canceled", ended_at: ago(4) });
    expect(told(canceled)).toEqual([
      "Requested",
      "Queued",
      "(waited 6 s) Ended: canceled while queued",
    ]);
  });

  it("tells of starts that were not claimed, as far as they were seen", () => {
    const happened = [
      happening("call.started", ago(1)),
      happening("call.queued", ago(2), "other"),
      happening("call.queued", ago(3)),
      happening("call.started", ago(8)),
      happening("call.queued", ago(10)),
    ];
    expect(told(activeCall("a", { started_at: ago(1) }), undefined, happened)).toEqual([
      "Requested",
      "Queued",
      "(waited 2 s) Started",
      "(unclaimed for 5 s) Back in the queue",
      "(waited 2 s) Started on a shared slot",
      "(active for 1 s) Active",
    ]);
  });

  it("does not take a call's own start for one that was not claimed", () => {
    const happened = [happening("call.started", ago(5)), happening("call.queued", ago(10))];
    expect(told(activeCall("a"), undefined, happened)).toEqual([
      "Requested",
      "Queued",
      "(waited 5 s) Started on a shared slot",
      "(active for 5 s) Active",
    ]);
  });

  it("explains every reason", () => {
    const step = timeline(endedCall("a", { reason: "reconciled" }), undefined, [], NOW).at(-1);
    expect(step?.detail).toContain("no longer knew it");
  });
});
