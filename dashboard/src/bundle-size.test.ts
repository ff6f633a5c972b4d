// A page waits for its script. What a library or a page adds is seen here when it is added.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { expect, it } from "vitest";

const BUNDLE = resolve(import.meta.dirname, "../../crates/callslot-dashboard/bundle");
/** What comes with the first page, and each file that comes when its page is looked at. */
const MOST_KB = { landing: 130, later: 30 };

const page = readFileSync(`${BUNDLE}/index.html`, "utf8");
const first = [...page.matchAll(/"\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? "");
const later = readdirSync(`${BUNDLE}/assets`).filter(
  (name) => name.endsWith(".js") && !first.includes(name),
);

it("the script of the first page is small", () => {
  expect(first).toContain("app.js");
  expect(compressedKb(first)).toBeLessThanOrEqual(MOST_KB.landing);
});

it.each(later)("the script of another page is small: %s", (name) => {
  expect(compressedKb([name])).toBeLessThanOrEqual(MOST_KB.later);
});

/** How much of these files is sent, in thousands of bytes: as the server's binary has them, with Brotli's strongest compression. */
function compressedKb(names: readonly string[]): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const sizes = names.map(
    (name) => brotliCompressSync(readFileSync(`${BUNDLE}/assets/${name}`), { params }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}
