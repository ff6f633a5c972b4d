// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { gateOf } from "../calls/live.fixture";
import { draftErrors, draftOf, newDraft, putOf } from "./gate-draft";

const GOOD = { ...newDraft(), id: "spring", name: " Spring " };

describe("a draft of a gate", () => {
  it("without limits has none", () => {
    expect(draftErrors(GOOD)).toEqual({});
    expect(putOf(GOOD, false)).toEqual({
      name: "Spring",
      kind: "campaign",
      cap: null,
      pace: null,
      paused: false,
      hours: null,
    });
  });

  it("says what is wrong, field by field", () => {
    const pace = { starts: "0", perS: "1", burst: "x" };
    const hours = { isOn: true, tz: "Mars/Base", text: "Mon" };
    const wrong = { ...GOOD, id: "a b", name: "", cap: "-1", pace, hours };
    expect(Object.keys(draftErrors(wrong)).sort()).toEqual([
      "burst",
      "cap",
      "hours",
      "id",
      "name",
      "starts",
      "tz",
    ]);
    expect(draftErrors({ ...GOOD, hours: { ...hours, isOn: false } })).toEqual({});
  });

  it("begins with the gate as it is, and leaves it so", () => {
    const {
      id,
      within_hours: _,
      ...settings
    } = gateOf("spring", {
      cap: 40,
      pace: { starts: 5, per_s: 1, burst: 2 },
      paused: true,
      hours: {
        tz: "America/New_York",
        open: [
          { days: ["mon", "tue"], from: "08:00", to: "21:00" },
          { days: ["sun"], from: "10:30", to: "24:00" },
        ],
      },
    });
    expect(putOf(draftOf({ id, ...settings }), true)).toEqual(settings);
  });
});
