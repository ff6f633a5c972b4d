// A page waits for its script. What a library or a page adds is seen here when it is added.

import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { expect, it } from "vitest";

const BUNDLE = resolve(import.meta.dirname, "../../crates/callslot-dashboard/bundle");
const MOST_KB = { landing: 130, all: 200 };

it("the script of the first page is small", () => {
  const page = readFileSync(`${BUNDLE}/index.html`, "utf8");
  const named = [...page.matchAll(/"\/assets\/([^"]+\.js)"/g)].map(([, name]) => name ?? "");
  expect(named).toContain("app.js");
  expect(compressedKb(named)).toBeLessThanOrEqual(MOST_KB.landing);
});

it("the scripts of all pages are small together", () => {
  const all = readdirSync(`${BUNDLE}/assets`).filter((name) => name.endsWith(".js"));
  expect(compressedKb(all)).toBeLessThanOrEqual(MOST_KB.all);
});

/** How much of these files is sent, in thousands of bytes: as the server's binary has them, with Brotli's strongest compression. */
function compressedKb(names: readonly string[]): number {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 22 };
  const sizes = names.map(
    (name) => brotliCompressSync(readFileSync(`${BUNDLE}/assets/${name}`), { params }).length,
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000;
}
