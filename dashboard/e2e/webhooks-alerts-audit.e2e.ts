import { expect, test } from "vitest";
import { answerFor } from "./answers";
import { write } from "./keys";
import { world } from "./world";

const here = world();

const PAGES = ["/alerts", "/webhooks", "/webhooks?webhook=wh_1", "/audit", "/audit?change=7"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`webhooks, alerts and the audit have no accessibility violation, ${colorScheme}`, async () => {
    const visitor = await here.visitor({ colorScheme });
    await answerFor(visitor.context);
    for (const path of PAGES) {
      await visitor.page.goto(path);
      await visitor.page
        .getByText(/^Loading /)
        .first()
        .waitFor({ state: "detached" });
      await visitor.page.locator("[data-row-link], main table").first().waitFor();
      expect(await visitor.violations(), path).toEqual([]);
    }
  });
}

test("they fit a screen of 320 px", async () => {
  const { page, context } = await here.visitor({ width: 320, height: 640 });
  await answerFor(context);
  for (const path of PAGES) {
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page
      .getByText(/^Loading /)
      .first()
      .waitFor({ state: "detached" });
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, path).toBeLessThanOrEqual(0);
  }
});

test("an open alert is above every page, and leads to the alerts", async () => {
  const { page, context } = await here.visitor();
  await answerFor(context);
  await page.goto("/calls");
  await page.getByRole("link", { name: "1 open alert" }).click();
  await page.getByRole("table", { name: "What alerts found" }).waitFor();
});

test("reservations are put back by keyboard alone", async () => {
  const { page, context } = await here.visitor();
  const changes = await answerFor(context);
  await page.goto("/audit");
  await page.getByRole("link", { name: "Changed reservations" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Put back" }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await question.getByText("support: 2 (chat 2)").waitFor();
  await question.getByRole("button", { name: "Put back" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("The reservations were put back.").waitFor();
  expect(changes).toEqual(["POST /v1/audit/7/revert"]);
});

test("a webhook is made, its secret shown once, and it is tested and redelivered", async () => {
  const { page, context } = await here.visitor();
  const changes = await answerFor(context);
  await page.goto("/webhooks");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await write(page.getByLabel("Address"), "https://example.com/callslot");
  await page.keyboard.press("Enter");
  const secret = page.getByLabel("The secret", { exact: true });
  await secret.waitFor();
  expect(await secret.inputValue()).toBe("whsec_c2VjcmV0");
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();
  await page.getByRole("link", { name: "https://example.com/callslot" }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test was taken: 200 in < 0.1 s").waitFor();
  await page.getByRole("button", { name: "Redeliver call.started 41" }).click();
  await page.getByText("call.started 41 is delivered again.").waitFor();
  expect(changes).toEqual([
    "POST /v1/webhooks",
    "POST /v1/webhooks/wh_1/test",
    "POST /v1/webhooks/wh_1/redeliver",
  ]);
});
