// How pages look, held against pictures in the repository. CALLSLOT_UPDATE_GOLDEN=1 makes the pictures anew.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import pixelmatch from "pixelmatch";
import type { Page } from "playwright-core";
import { PNG } from "pngjs";

const GOLDEN = resolve(import.meta.dirname, "golden");
/** Where pictures that differ are put, with what differs. */
const DIFFERENT = resolve(import.meta.dirname, "screenshots");
const MAKES_ANEW = process.env.CALLSLOT_UPDATE_GOLDEN === "1";
/** How much of a picture may differ: a little more than what edges of letters do between versions of a browser. */
const MOST_DIFFERENT = 0.005;

/** What the golden picture of this name and the page as it is have in common; "" when it is enough. */
export async function difference(page: Page, name: string): Promise<string> {
  const timed = page.locator("main").getByText(WITH_TIME);
  // A longer time takes no second line.
  await timed.evaluateAll((elements) => {
    for (const element of elements as HTMLElement[]) {
      Object.assign(element.style, { whiteSpace: "nowrap", overflow: "hidden" });
    }
  });
  const picture = await page.screenshot({
    animations: "disabled",
    caret: "hide",
    // What tells the time, or how long something has lasted, is another at each run.
    mask: [page.locator("time"), timed],
    maskColor: "#808080",
  });
  const golden = `${GOLDEN}/${name}.png`;
  if (MAKES_ANEW) {
    save(golden, picture);
    return "";
  }
  if (!existsSync(golden))
    return `${name}: there is no golden picture; CALLSLOT_UPDATE_GOLDEN=1 makes it`;
  const [is, was] = [PNG.sync.read(picture), PNG.sync.read(readFileSync(golden))];
  if (is.width !== was.width || is.height !== was.height) {
    return `${name}: ${is.width} × ${is.height} instead of ${was.width} × ${was.height}`;
  }
  const differs = new PNG({ width: is.width, height: is.height });
  const pixels = pixelmatch(is.data, was.data, differs.data, is.width, is.height, {
    threshold: 0.2,
  });
  const share = pixels / (is.width * is.height);
  if (share <= MOST_DIFFERENT) return "";
  save(`${DIFFERENT}/${name}-is.png`, picture);
  save(`${DIFFERENT}/${name}-differs.png`, PNG.sync.write(differs));
  return `${name}: ${(share * 100).toFixed(2)} % differs; see e2e/screenshots`;
}

const WITH_TIME = /^(\d+ (s|min|h)( \d+ (s|min))?|< 0\.1 s|\d\d:\d\d(:\d\d)?|.*\d+ s\b.*)$/;

/** Draws all letters with one font, which Debian has in `fonts-dejavu-core`. A sheet made by script is not one that the CSP bars. */
export async function withOneFont(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { font-family: "DejaVu Sans" !important; }');
    document.adoptedStyleSheets = [sheet];
    await document.fonts.ready;
  });
}

function save(path: string, content: Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
