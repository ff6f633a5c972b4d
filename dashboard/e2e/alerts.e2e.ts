import { expect, test } from "vitest";
import { write } from "./keys";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.ask("PUT", "/v1/alerts/busy", { when: "utilization", agent: "support", above: 0 });
  await server.ask("PUT", "/v1/alerts/slow", { when: "oldest_wait", above: 60, for_s: 30 });
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`alerts have no accessibility violation, ${colorScheme}`, async () => {
    const { page, violations } = await shown({ colorScheme });
    expect(await violations()).toEqual([]);
    await page.getByRole("button", { name: "Create alert" }).click();
    await page.getByRole("dialog").waitFor();
    expect(await violations()).toEqual([]);
  });
}

test("they fit a screen of 320 px", async () => {
  const { page } = await shown({ width: 320, height: 640 });
  const over = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(over).toBeLessThanOrEqual(0);
});

test("an alert opens above every page, leads to its rule, and is listed once it has closed", async () => {
  const { page } = await here.visitor();
  await here.server.ask("POST", "/v1/calls", { agent: "support", type: "chat", id: "one" });
  const open = page.getByRole("link", { name: "1 open alert" });
  await open.waitFor();
  await open.click();
  await page.getByRole("heading", { name: "Alerts", level: 1 }).waitFor();
  await page.getByText("open", { exact: true }).first().waitFor();
  await here.server.ask("POST", "/v1/calls/one/end", {});
  await open.waitFor({ state: "detached" });
  const past = page.getByRole("table", { name: "Alerts that closed" });
  await past.getByText("recovered").first().waitFor();
});

test("a rule is made, changed and deleted", async () => {
  const { page } = await here.visitor();
  await page.goto("/alerts");
  await page.getByRole("button", { name: "Create alert" }).click();
  await write(page.getByLabel("Id", { exact: true }), "full");
  await page.getByLabel("Look at").selectOption("reservation_full");
  await write(page.getByLabel("Above"), "99");
  await page.keyboard.press("Enter");
  await page.getByText("Alert full was saved.").waitFor();
  await page.getByText("Reserved slots in use above 99 % for 5 min 00 s").first().waitFor();
  await page.getByRole("button", { name: "Actions for full" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await write(page.getByLabel("Above"), "50");
  await page.keyboard.press("Enter");
  await page.getByText("Reserved slots in use above 50 % for 5 min 00 s").first().waitFor();
  await page.getByRole("button", { name: "Actions for full" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete alert" }).click();
  await page.getByText("Alert full was deleted.").waitFor();
  const rules = await here.server.ask("GET", "/v1/alerts");
  expect(JSON.stringify(rules)).not.toContain('"full"');
});

/** The page with its rules. */
async function shown(look: Parameters<typeof here.visitor>[0]) {
  const visitor = await here.visitor(look);
  await visitor.page.goto("/alerts");
  await visitor.page.getByText("slow", { exact: true }).first().waitFor();
  return { page: visitor.page, violations: () => visitor.violations() };
}
