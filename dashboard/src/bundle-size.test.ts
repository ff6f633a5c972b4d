// A page waits for its script. What a library or a page adds is seen here when it is added.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { beforeAll, expect, it } from "vitest";

const BUNDLE = resolve(import.meta.dirname, "../../crates/callslot-dashboard/bundle");
/** What comes with the first page, each file that comes when its page is looked at, and all of them. */
const MOST_KB = { landing: 130, later: 40, all: 200 };

const page = readFileSync(`${BUNDLE}/index.html`, "utf8");
const first = [...page.matchAll(/"\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? "");
const later = readdirSync(`${BUNDLE}/assets`).filter(
  (name) => name.endsWith(".js") && !first.includes(name),
);

const kb = new Map<string, number>();

// The strongest compression takes seconds.
beforeAll(() => {
  for (const name of [...first, ...later]) kb.set(name, compressedKb(name));
}, 120_000);

it("the script of the first page is small", () => {
  expect(first).toContain("app.js");
  expect(sumKb(first)).toBeLessThanOrEqual(MOST_KB.landing);
});

it.each(later)("the script of another page is small: %s", (name) => {
  expect(sumKb([name])).toBeLessThanOrEqual(MOST_KB.later);
});

it("all scripts together are small", () => {
  expect(sumKb([...first, ...later])).toBeLessThanOrEqual(MOST_KB.all);
});

function sumKb(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + (kb.get(name) ?? Number.NaN), 0);
}

/** How much of a file is sent, in thousands of bytes: as the server's binary has it, with Brotli's strongest compression. */
function compressedKb(name: string): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  return brotliCompressSync(readFileSync(`${BUNDLE}/assets/${name}`), { params }).length / 1_000;
}
