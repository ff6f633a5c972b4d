import { expect, it } from "vitest";
import { fromLocalField, toLocalField } from "./local-time-field";

const AT = new Date(2026, 0, 5, 4, 3).getTime();

it("a field has the reader's own time, and gives it back", () => {
  expect(toLocalField(AT)).toBe("2026-01-05T04:03");
  expect(fromLocalField(toLocalField(AT))).toBe(AT);
});

it.each(["", "0002-01-05T04:03", "0202-01-05T04:03", "20260-01-05T04:03", "+020260-01-05T04:03"])(
  "%j in a field is no time",
  (text) => expect(fromLocalField(text)).toBeUndefined(),
);
