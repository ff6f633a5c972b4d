import { expect, test } from "vitest";
import type { Server } from "./server";
import { world } from "./world";

/** Markup, quotes, and a length that fits nowhere; with a right-to-left override, which a name may not have, or letters that run so. */
const hostile = (turn: string) => `<img src=x onerror=alert(1)>"'${turn}${"long".repeat(20)}`;
const HOSTILE = hostile("\u202e");
const HOSTILE_NAME = hostile("\u05d0\u05d1").slice(0, 100);

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.putAgent("sales", "Sales");
  await server.putAgent("hostile", HOSTILE_NAME);
  await server.reserveChats("support", 6);
  await server.reserveChats("sales", 4);
  await work(server);
});

/** Calls of every state, so that no page is empty. */
async function work(server: Server): Promise<void> {
  for (let call = 0; call < 15; call += 1) {
    await server.ask("POST", "/v1/calls", {
      id: `call-${call}`,
      agent: call % 2 === 0 ? "support" : "hostile",
      type: "inbound",
      metadata: { caller: HOSTILE },
    });
  }
  for (let call = 0; call < 3; call += 1) {
    await server.ask("POST", `/v1/calls/call-${call}/end`, { note: HOSTILE });
  }
}

const PAGES = [
  "Concurrency",
  "Calls",
  "Agents",
  "History",
  "Developers",
  "Organisations",
  "Plans",
] as const;

for (const colorScheme of ["light", "dark"] as const) {
  for (const name of PAGES) {
    test(`${name} has no accessibility violation, ${colorScheme}`, async () => {
      const visitor = await here.visitor({ key: here.server.operatorKey, colorScheme });
      await visitor.page.getByRole("link", { name }).click();
      await visitor.page.getByRole("heading", { name, level: 1 }).waitFor();
      await visitor.page
        .getByText(/^Loading /)
        .first()
        .waitFor({ state: "detached" });
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

// 1280 px at 400 % zoom are 320 CSS pixels wide.
for (const width of [360, 320]) {
  test(`no page scrolls sideways at ${width} px`, async () => {
    const key = here.server.operatorKey;
    const visitor = await here.visitor({ key, width, height: 740 });
    for (const name of PAGES) {
      await visitor.page.goto(`/${name.toLowerCase()}`);
      await visitor.page.getByRole("heading", { name, level: 1 }).waitFor();
      await visitor.page
        .getByText(/^Loading /)
        .first()
        .waitFor({ state: "detached" });
      const overhang = await visitor.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect({ name, overhang }).toEqual({ name, overhang: 0 });
      await visitor.screenshot(`${name.toLowerCase()}-${width}`);
    }
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
    "/history?by=agent",
  ]) {
    await page.goto(path);
    await page.getByText("<img src=x").first().waitFor({ state: "attached" });
    expect(await page.locator("img[src=x]").count()).toBe(0);
  }
  expect(dialogs).toBe(0);
});
