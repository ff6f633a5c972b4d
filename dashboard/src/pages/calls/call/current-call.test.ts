import { describe, expect, it } from "vitest";
import { activeCall, callOf, endedCall, liveOf } from "../live.fixture";
import { currentCall, findLive } from "./current-call";

describe("a call as it stands", () => {
  const live = liveOf([callOf("a"), callOf("b"), activeCall("c")]);

  it("is found among live calls with its position", () => {
    expect(findLive(live, "b")).toMatchObject({ call: { id: "b" }, position: 2 });
    expect(findLive(live, "c")).toMatchObject({ call: { id: "c" }, position: undefined });
    expect(findLive(live, "d")).toBeUndefined();
  });

  it("is the live one, with the estimate that was read", () => {
    const read = callOf("a", { position: 9, estimated_wait_ms: 4_000 });
    expect(currentCall({ call: callOf("a"), position: 1 }, read)).toMatchObject({
      position: 1,
      estimatedWaitMs: 4_000,
    });
  });

  it("has no estimate once it has started, whatever was read", () => {
    const read = callOf("a", { estimated_wait_ms: 4_000 });
    const now = currentCall({ call: activeCall("a"), position: undefined }, read);
    expect(now).toMatchObject({ call: { state: "active" }, estimatedWaitMs: undefined });
  });

  it("has ended when that was read, whatever is still live", () => {
    const now = currentCall({ call: activeCall("a"), position: undefined }, endedCall("a"));
    expect(now?.call.state).toBe("ended");
  });

  it("is what was read when it is not live", () => {
    expect(currentCall(undefined, endedCall("a"))?.call.reason).toBe("completed");
    expect(currentCall(undefined, undefined)).toBeUndefined();
  });
});
