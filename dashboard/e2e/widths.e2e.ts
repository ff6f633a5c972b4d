import { expect, test } from "vitest";
import type { Visitor } from "./browser";
import type { Look } from "./launch";
import { open, PAGES, seed } from "./seeded";
import { world } from "./world";

const here = world(seed);

const LOOKS: Record<string, Look> = {
  "320 px": { width: 320, height: 740 },
  "360 px": { width: 360, height: 740 },
  "400 % zoom": { width: 1280, height: 1024, zoom: 4 },
  "2560 px": { width: 2560, height: 1440 },
  "320 px in forced colours": { width: 320, height: 740, forcedColors: "active" },
};

for (const [words, look] of Object.entries(LOOKS)) {
  test(`no page scrolls sideways or cuts off a control at ${words}`, async () => {
    const visitor = await here.visitor({ key: here.server.operatorKey, ...look });
    for (const name of PAGES) {
      await open(visitor, name);
      expect({ name, ...(await faults(visitor)) }).toEqual({ name, overhang: 0, cut: [] });
      await visitor.screenshot(`${name.toLowerCase()} ${words}`.replaceAll(" ", "-"));
    }
  });
}

test("a large screen is used: every page is as wide as its kind may be", async () => {
  const key = here.server.operatorKey;
  const visitor = await here.visitor({ key, width: 2560, height: 1440 });
  for (const name of PAGES) {
    await open(visitor, name);
    const width = await visitor.page.evaluate(() => {
      const parts = [
        ...document.querySelectorAll("main table, main section, main [role=tabpanel]"),
      ];
      return Math.max(...parts.map((part) => part.getBoundingClientRect().width));
    });
    expect({ name, isWide: width > 1_200, width }).toMatchObject({ name, isWide: true });
  }
});

test("in forced colours a full pool and an empty one look different", async () => {
  const { page } = await here.visitor({ forcedColors: "active" });
  const bar = page.getByRole("button", { name: /^Support/ }).first();
  await bar.waitFor();
  const grounds = await page.evaluate(() => {
    const cells = [...document.querySelectorAll("main .forced-color-adjust-none")];
    return new Set(cells.map((cell) => getComputedStyle(cell).backgroundColor)).size;
  });
  expect(grounds).toBeGreaterThan(1);
});

test("nothing moves for long when less motion is asked for", async () => {
  const { page } = await here.visitor({ reducedMotion: "reduce" });
  await page.getByRole("button", { name: "Reserve slots" }).first().click();
  await page.getByRole("dialog").waitFor();
  const longestMs = await page.evaluate(() =>
    Math.max(
      ...[...document.querySelectorAll("*")].flatMap((element) => {
        const { transitionDuration, animationDuration } = getComputedStyle(element);
        return [transitionDuration, animationDuration].map((time) => {
          const number = Number.parseFloat(time);
          return time.endsWith("ms") ? number : number * 1_000;
        });
      }),
    ),
  );
  expect(longestMs).toBeLessThanOrEqual(1);
});

test("on paper there is the page alone: no sidebar, no button, no message", async () => {
  const visitor = await here.visitor({ key: here.server.operatorKey, width: 800 });
  for (const name of PAGES) {
    await open(visitor, name);
    await visitor.page.emulateMedia({ media: "print" });
    expect({ name, overhang: (await faults(visitor)).overhang }).toEqual({ name, overhang: 0 });
    const shown = await visitor.page
      .locator("aside, main button:not(th button, [class*='print:']), [aria-label=Messages]")
      .evaluateAll((all) =>
        all.filter((each) => each.checkVisibility()).map((each) => each.outerHTML),
      );
    expect({ name, shown }).toEqual({ name, shown: [] });
    expect(await visitor.page.getByRole("heading", { name, level: 1 }).isVisible()).toBe(true);
    await visitor.page.emulateMedia({ media: "screen" });
  }
});

/** What is wrong with the page's width: by how much it scrolls, and which controls are not wholly in sight. */
function faults({ page }: Visitor): Promise<{ overhang: number; cut: string[] }> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    // What scrolls by itself, such as a sample of code, may hold what is wider.
    const scrolls = (element: Element): boolean =>
      ["auto", "scroll"].includes(getComputedStyle(element).overflowX) ||
      (element.parentElement !== null && scrolls(element.parentElement));
    const controls = [
      ...document.querySelectorAll("main :is(button, a, input, select, h1, h2, th)"),
    ];
    const cut = controls.filter((control) => {
      const { left, right, width } = control.getBoundingClientRect();
      const isOutside = left < 0 || right > clientWidth + 1;
      return width > 1 && isOutside && control.checkVisibility() && !scrolls(control);
    });
    return {
      overhang: scrollWidth - clientWidth,
      cut: cut.map((control) => control.outerHTML.slice(0, 120)),
    };
  });
}
