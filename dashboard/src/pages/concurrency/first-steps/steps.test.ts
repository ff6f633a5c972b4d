import { describe, expect, it } from "vitest";
import { doneSteps, NOTHING_KEPT, noted, readKept } from "./steps";

type Seen = Parameters<typeof noted>[0];

const EMPTY: Seen = { agents: [], reserved: 0, active: 0, queued: 0 };
const IDLE = { ...EMPTY, agents: [{}] as Seen["agents"] };
const BUSY = { ...IDLE, reserved: 2, active: 1 };

describe("the first steps", () => {
  it("tick themselves off by what the pool shows and what was done here", () => {
    const done = (pool: Seen, kept = {}) => [...doneSteps(pool, { ...NOTHING_KEPT, ...kept })];
    expect(done(EMPTY)).toEqual([]);
    expect(done(IDLE)).toEqual(["agent"]);
    expect(done(BUSY)).toEqual(["agent", "reserve", "call"]);
    expect(done(IDLE, { isCopied: true, isCalled: true })).toEqual(["agent", "copy", "call"]);
  });

  it("begin with an organisation that is empty, and keep a call that has ended", () => {
    expect(noted(IDLE, NOTHING_KEPT)).toBe(NOTHING_KEPT);
    expect(noted(BUSY, NOTHING_KEPT)).toBe(NOTHING_KEPT);
    const begun = noted(EMPTY, NOTHING_KEPT);
    expect(begun).toEqual({ ...NOTHING_KEPT, isBegun: true });
    const called = noted(BUSY, begun);
    expect(called.isCalled).toBe(true);
    expect(noted(IDLE, called)).toBe(called);
  });

  it("are read again as they were kept, and begin anew from what is not theirs", () => {
    const kept = { isBegun: true, isCopied: true, isCalled: false, isHidden: false };
    expect(readKept(JSON.stringify(kept))).toEqual(kept);
    for (const text of [null, "", "{", "null", "7", '"x"'])
      expect(readKept(text)).toEqual(NOTHING_KEPT);
  });
});
