import { expect, test } from "vitest";
import { open, PAGES, seed } from "./seeded";
import { world } from "./world";

const here = world(seed);

for (const colorScheme of ["light", "dark"] as const) {
  for (const name of PAGES) {
    test(`${name} has no accessibility violation, ${colorScheme}`, async () => {
      const visitor = await here.visitor({ key: here.server.operatorKey, colorScheme });
      await open(visitor, name);
      await visitor.screenshot(`${name.toLowerCase()}-${colorScheme}`);
      expect(await visitor.violations()).toEqual([]);
    });
  }

  test(`signing in has no accessibility violation, ${colorScheme}`, async () => {
    const visitor = await here.stranger({ colorScheme });
    await visitor.page.goto("/");
    await visitor.page.getByLabel("API key").waitFor();
    await visitor.screenshot(`sign-in-${colorScheme}`);
    expect(await visitor.violations()).toEqual([]);
  });
}

test("text of callers and agents is shown as text", async () => {
  const { page } = await here.visitor();
  let dialogs = 0;
  page.on("dialog", (dialog) => {
    dialogs += 1;
    void dialog.dismiss();
  });
  for (const path of [
    "/concurrency",
    "/calls",
    "/calls?call=call-1",
    "/agents",
    "/gates",
    "/history?by=agent",
  ]) {
    await page.goto(path);
    await page.getByText("<img src=x").first().waitFor({ state: "attached" });
    expect(await page.locator("img[src=x]").count()).toBe(0);
  }
  expect(dialogs).toBe(0);
});
