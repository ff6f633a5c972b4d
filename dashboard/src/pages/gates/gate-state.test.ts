// @vitest-environment jsdom

import { expect, it } from "vitest";
import { gateOf, NOW } from "../calls/live.fixture";
import { stateOf } from "./gate-state";
import { rowOf } from "./gates.fixture";

const HOURS = {
  tz: "America/New_York",
  open: [{ days: ["mon"], from: "08:00", to: "21:00" }],
} satisfies NonNullable<ReturnType<typeof gateOf>["hours"]>;
const PACE = { starts: 1, per_s: 60, burst: 1 };

it.each([
  ["is open", {}, {}, "Open"],
  ["is paused, whatever else", { paused: true, within_hours: false }, {}, "Paused"],
  // 12:00 UTC is 07:00 in New York.
  [
    "is closed",
    { within_hours: false, hours: HOURS },
    { opens_in_ms: 3_600_000 },
    "Closed until Tue 08:00 (New York)",
  ],
  ["has just closed", { within_hours: false, hours: HOURS }, {}, "Closed by its hours"],
  [
    "has no hours at all",
    { within_hours: false, hours: { ...HOURS, open: [] } },
    {},
    "Closed: it has no hours",
  ],
  ["is full", { cap: 2 }, { active: 2 }, "Full"],
  ["has room", { cap: 2 }, { active: 1 }, "Open"],
  ["lets nothing through", { cap: 0 }, {}, "Its cap is 0"],
  [
    "is paced",
    { pace: PACE },
    { queued: 1, next_start_in_ms: 12_000 },
    "Paced: next start in 12 s",
  ],
  ["starts soon", { pace: PACE }, { queued: 1, next_start_in_ms: 300 }, "Paced: 1 a minute"],
  ["is paced with nobody waiting", { pace: PACE }, { next_start_in_ms: 12_000 }, "Open"],
  ["has a start to give", { pace: PACE }, { queued: 1, next_start_in_ms: 0 }, "Open"],
])("a gate that %s says so", (_, settings, figures, words) => {
  expect(stateOf(rowOf(gateOf("g", settings), figures), NOW).words).toBe(words);
});

it("the next start comes nearer as time passes", () => {
  const row = rowOf(gateOf("g", { pace: PACE }), { queued: 1, next_start_in_ms: 12_000 });
  expect(stateOf(row, NOW + 4_000).words).toBe("Paced: next start in 8 s");
});
