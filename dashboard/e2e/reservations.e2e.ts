import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.putAgent("sales", "Sales");
  await server.putAgent("surveys", "Surveys");
});

function row(page: Page, agent: string) {
  return page
    .getByRole("table", { name: "Reserved Concurrency" })
    .getByRole("row")
    .filter({ hasText: agent });
}

test("a reservation is added, edited and removed", async () => {
  const { page } = await here.visitor();
  await page.getByText("No agents have reserved concurrency yet").waitFor();
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByRole("combobox").fill("supp");
  await page.getByRole("option", { name: /Support/ }).click();
  await page.getByRole("textbox", { name: "Chat" }).fill("3");
  await page.getByRole("textbox", { name: "Inbound" }).fill("4");
  await page.getByRole("button", { name: "Save" }).click();
  await row(page, "Support").waitFor();
  await page.getByText("7 of 20 slots reserved").first().waitFor();

  await row(page, "Support").getByRole("button").click();
  await page.getByRole("menuitem", { name: "Edit reservations" }).click();
  await page.getByRole("textbox", { name: "Chat" }).fill("5");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("9 of 20 slots reserved").first().waitFor();

  await row(page, "Support").getByRole("button").click();
  await page.getByRole("menuitem", { name: "Remove agent" }).click();
  const question = page.getByRole("alertdialog");
  expect(await question.textContent()).toContain("9 reserved slots");
  await question.getByRole("button", { name: "Remove" }).click();
  await page.getByText("No agents have reserved concurrency yet").waitFor();
});

test("more than is left cannot be saved, and who holds the rest is named", async () => {
  await here.server.reserveChats("sales", 15);
  const { page } = await here.visitor();
  await page.getByRole("button", { name: "Add", exact: true }).first().click();
  await page.getByRole("combobox").fill("support");
  await page.getByRole("option", { name: /Support/ }).click();
  await page.getByRole("textbox", { name: "Chat" }).fill("6");
  const save = page.getByRole("button", { name: "Save" });
  expect(await save.getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("dialog").getByText("Sales").first().waitFor();
  await page.getByRole("textbox", { name: "Chat" }).fill("5");
  await save.click();
  await page.getByText("20 of 20 slots reserved").first().waitFor();
  await here.server.reserveChats("support", 0);
  await here.server.reserveChats("sales", 0);
});

test("a reservation that somebody else changed meanwhile is not overwritten unseen", async () => {
  await here.server.reserveChats("surveys", 1);
  const { page } = await here.visitor();
  await row(page, "Surveys").getByRole("button").click();
  await page.getByRole("menuitem", { name: "Edit reservations" }).click();
  await page.getByRole("textbox", { name: "Chat" }).fill("2");
  await here.server.reserveChats("surveys", 4);
  await page.getByRole("button", { name: "Keep mine" }).waitFor();
  const save = page.getByRole("button", { name: "Save" });
  expect(await save.getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await save.click();
  await page.getByText("2 of 20 slots reserved").first().waitFor();
  await here.server.reserveChats("surveys", 0);
});

test("adding, editing and removing need no pointer", async () => {
  const { page } = await here.visitor();
  const press = (key: string) => page.keyboard.press(key);
  await page.getByRole("button", { name: "Add", exact: true }).first().waitFor();
  await tabTo(page, "Add");
  await press("Enter");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("Support");
  await page.getByRole("option", { name: /Support/ }).waitFor();
  await press("ArrowDown");
  await press("Enter");
  await page.getByRole("textbox", { name: "Chat" }).waitFor();
  await tabTo(page, "Chat");
  await press("ArrowUp");
  await press("ArrowUp");
  await tabTo(page, "Save");
  await press("Enter");
  await page.getByText("2 of 20 slots reserved").first().waitFor();
  await page.getByRole("dialog", { name: "Support" }).waitFor({ state: "detached" });

  await tabTo(page, "Actions for Support");
  await press("Enter");
  await page.getByRole("menuitem", { name: "Remove agent" }).waitFor();
  await press("End");
  await press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await tabTo(page, "Remove");
  await press("Enter");
  await page.getByText("No agents have reserved concurrency yet").waitFor();
});

/** Presses Tab until what is focused has a name that holds these words. */
async function tabTo(page: Page, words: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(() => {
      const focused = document.activeElement;
      const labelled = focused?.getAttribute("aria-labelledby")?.split(" ") ?? [];
      const labels = [
        focused?.getAttribute("aria-label"),
        ...labelled.map((id) => document.getElementById(id)?.textContent),
        ...(focused instanceof HTMLInputElement ? [...(focused.labels ?? [])] : []).map(
          (label) => label.textContent,
        ),
        focused instanceof HTMLInputElement ? "" : focused?.textContent,
      ];
      const isText = !(focused instanceof HTMLInputElement) || focused.type === "text";
      return isText ? labels.filter(Boolean).join(" ") : "";
    });
    if (name.includes(words)) return;
  }
  throw new Error(`no press of Tab leads to "${words}"`);
}
