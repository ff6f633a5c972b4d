import { expect, it } from "vitest";
import { fileName } from "../export/file-name";
import { fromTo, longFromTo, shortMoment } from "./times";

const AT = new Date(2026, 0, 5, 4, 3).getTime();

it("times of points name the second day only when it is another", () => {
  expect(shortMoment(AT)).toBe("5 Jan, 04:03");
  expect(fromTo(AT, AT + 60_000)).toBe("5 Jan, 04:03 – 04:04");
  expect(fromTo(AT, AT + 86_400_000)).toBe("5 Jan, 04:03 – 6 Jan, 04:03");
  expect(longFromTo(AT, AT + 60_000)).toBe("5 Jan 2026, 04:03 – 04:04");
  expect(longFromTo(AT, AT + 86_400_000)).toBe("5 Jan 2026, 04:03 – 6 Jan 2026, 04:03");
});

it("a file is named by the organisation and the span", () => {
  expect(fileName("acme", { preset: "7d" }, "csv")).toBe("acme-history-7d.csv");
  const fromMs = Date.UTC(2026, 10, 24, 10);
  expect(fileName("acme", { fromMs, toMs: fromMs + 3_600_000 }, "csv")).toBe(
    "acme-history-20261124T1000Z-20261124T1100Z.csv",
  );
});
