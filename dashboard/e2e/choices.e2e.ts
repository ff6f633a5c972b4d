import { expect, test } from "vitest";
import { open, seed } from "./seeded";
import { world } from "./world";

const here = world(seed);

test("rows are compact and times in UTC once chosen, also after a reload", async () => {
  const visitor = await here.visitor();
  const { page } = visitor;
  const heights = () =>
    page
      .locator("main tbody tr")
      .evaluateAll((rows) => rows.map((row) => Math.round(row.getBoundingClientRect().height)));
  await open(visitor, "Agents");
  const roomy = await heights();
  await page.getByRole("button", { name: /^Account/ }).click();
  await page.getByRole("menuitemradio", { name: "Compact rows" }).click();
  await page.getByRole("menuitemradio", { name: "Times in UTC" }).click();
  await page.reload();
  for (const name of ["Agents", "Gates", "Developers"] as const) {
    await open(visitor, name);
    const compact = await heights();
    expect(Math.max(...compact), name).toBeLessThanOrEqual(name === "Agents" ? 30 : 44);
  }
  expect(Math.min(...roomy)).toBeGreaterThanOrEqual(35);
  await page.goto("/calls?call=call-1");
  await page.getByText(/ UTC$/).first().waitFor();
});
