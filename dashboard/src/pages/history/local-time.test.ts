import { expect, it } from "vitest";
import { csvName } from "./csv-name";
import { fromField, spanProblem, toField } from "./local-time";
import { fromTo, longFromTo, shortMoment } from "./times";

const AT = new Date(2026, 0, 5, 4, 3).getTime();

it("a date field has the reader's own time, and gives it back", () => {
  expect(toField(AT)).toBe("2026-01-05T04:03");
  expect(fromField(toField(AT))).toBe(AT);
  expect(fromField("")).toBeUndefined();
});

it("a span must begin before it ends and before now", () => {
  expect(spanProblem(1, 2, 3)).toBeUndefined();
  expect(spanProblem(1, 9, 3)).toBeUndefined();
  expect(spanProblem(undefined, 2, 3)).toContain("begins");
  expect(spanProblem(1, undefined, 3)).toContain("ends");
  expect(spanProblem(2, 2, 3)).toContain("later end");
  expect(spanProblem(4, 5, 3)).toContain("future");
});

it("times of points name the second day only when it is another", () => {
  expect(shortMoment(AT)).toBe("5 Jan, 04:03");
  expect(fromTo(AT, AT + 60_000)).toBe("5 Jan, 04:03 – 04:04");
  expect(fromTo(AT, AT + 86_400_000)).toBe("5 Jan, 04:03 – 6 Jan, 04:03");
  expect(longFromTo(AT, AT + 60_000)).toBe("5 Jan 2026, 04:03 – 04:04");
  expect(longFromTo(AT, AT + 86_400_000)).toBe("5 Jan 2026, 04:03 – 6 Jan 2026, 04:03");
});

it("a file is named by the organisation and the span", () => {
  expect(csvName("acme", { preset: "7d" })).toBe("acme-history-7d.csv");
  const fromMs = Date.UTC(2026, 10, 24, 10);
  expect(csvName("acme", { fromMs, toMs: fromMs + 3_600_000 })).toBe(
    "acme-history-20261124T1000Z-20261124T1100Z.csv",
  );
});
