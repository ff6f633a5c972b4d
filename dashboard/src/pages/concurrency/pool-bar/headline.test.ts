import { expect, test } from "vitest";
import { headline } from "./headline";

const NOW = Date.parse("2026-01-01T00:00:41.900Z");

function text(pool: { active: number; limit: number; queued: number }, since?: string): string {
  const { inUse, free, waiting } = headline(pool, since, NOW);
  return `${inUse} · ${free} · ${waiting}`;
}

test("the headline says how many are in use, free and waiting, and how long the first has waited", () => {
  expect(text({ active: 17, limit: 20, queued: 4 }, "2026-01-01T00:00:00.000Z")).toBe(
    "17 of 20 in use · 3 free · 4 waiting, longest 41 s",
  );
});

test("nobody waiting has no longest wait", () => {
  expect(text({ active: 0, limit: 20, queued: 0 })).toBe("0 of 20 in use · 20 free · none waiting");
});

test("more in use than the limit leaves none free", () => {
  expect(text({ active: 28, limit: 22, queued: 0 })).toBe(
    "28 of 22 in use · 0 free · none waiting",
  );
});

test("a queue whose first call is not known yet has no longest wait", () => {
  expect(text({ active: 1, limit: 1, queued: 1234 })).toBe(
    "1 of 1 in use · 0 free · 1,234 waiting",
  );
});

test("a call asked for by a clock ahead of this one has waited no time", () => {
  expect(text({ active: 1, limit: 1, queued: 1 }, "2026-01-01T00:01:00.000Z")).toContain(
    "longest 0 s",
  );
});
