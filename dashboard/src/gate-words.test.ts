import { expect, it } from "vitest";
import { gateChangeWords, limitWords, paceWords } from "./gate-words";

it.each([
  [{ starts: 5, per_s: 1, burst: 1 }, "5 a second"],
  [{ starts: 30, per_s: 60 }, "30 a minute"],
  [{ starts: 1_000, per_s: 3_600, burst: 20 }, "1,000 an hour, 20 at once"],
  [{ starts: 1, per_s: 30 }, "1 every 30 s"],
])("the pace %j is %s", (pace, words) => {
  expect(paceWords({ burst: 1, ...pace })).toBe(words);
});

it("limits are a cap, a pace, both or none", () => {
  const pace = { starts: 5, per_s: 1, burst: 1 };
  expect(limitWords({ cap: null, pace: null })).toBe("no cap");
  expect(limitWords({ cap: 8, pace: null })).toBe("a cap of 8");
  expect(limitWords({ cap: 8, pace })).toBe("a cap of 8, a pace of 5 a second");
  expect(limitWords({ cap: null, pace })).toBe("a pace of 5 a second");
});

it("a change of a gate says what it is now, or that it opened, closed or is gone", () => {
  const hours = { tz: "UTC", open: [] };
  const settings = { name: "Spring", kind: "campaign", cap: 40, pace: null, hours } as const;
  expect(gateChangeWords({ gate: { ...settings, paused: true }, within_hours: false })).toBe(
    "is Spring, a cap of 40, hours, paused",
  );
  expect(gateChangeWords({ within_hours: true })).toBe("opened, its hours have begun");
  expect(gateChangeWords({ within_hours: false })).toBe("closed, its hours are over");
  expect(gateChangeWords({ gate: null, within_hours: null })).toBe("deleted");
});
