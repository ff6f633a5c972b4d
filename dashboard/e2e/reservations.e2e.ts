import type { Page } from "playwright-core";
import { expect, onTestFinished, test } from "vitest";
import { write } from "./keys";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.putAgent("sales", "Sales");
  await server.putAgent("surveys", "Surveys");
});

function row(page: Page, agent: string) {
  return page
    .getByRole("table", { name: "Agents by call type" })
    .getByRole("row")
    .filter({ hasText: agent });
}

/** The tile that says how many slots are reserved. */
function reserved(page: Page, slots: number) {
  return page.getByRole("button", { name: new RegExp(`^Reserved ${slots} / 20`) });
}

/** Leaves the next test what this one found, whether this one held or not. */
async function nothingReserved(...agents: string[]) {
  for (const agent of agents) await here.server.reserveChats(agent, 0);
}

test("a reservation is added, edited and removed", async () => {
  const { page } = await here.visitor();
  await reserved(page, 0).waitFor();
  await page.getByRole("button", { name: "Reserve slots" }).click();
  await write(page.getByRole("combobox"), "supp");
  await page.getByRole("option", { name: /Support/ }).click();
  await page.getByRole("dialog", { name: "Reserve slots for Support" }).waitFor();
  expect(page.url()).toContain("?edit=support");
  await write(page.getByRole("textbox", { name: "Chat" }), "3");
  await write(page.getByRole("textbox", { name: "Inbound" }), "4");
  await page.getByRole("button", { name: "Save" }).click();
  await reserved(page, 7).waitFor();

  await row(page, "Support").getByRole("button", { name: "Actions for Support" }).click();
  await page.getByRole("menuitem", { name: "Edit reservations" }).click();
  await write(page.getByRole("textbox", { name: "Chat" }), "5");
  await page.getByRole("button", { name: "Save" }).click();
  await reserved(page, 9).waitFor();

  await row(page, "Support").getByRole("button", { name: "Actions for Support" }).click();
  await page.getByRole("menuitem", { name: "Remove agent" }).click();
  const question = page.getByRole("alertdialog");
  expect(await question.textContent()).toContain("9 reserved slots");
  await question.getByRole("button", { name: "Remove" }).click();
  await reserved(page, 0).waitFor();
});

test("a number is changed in its cell, and taken back", async () => {
  const { page } = await here.visitor();
  await page.getByRole("button", { name: "Sales, Chat nothing" }).click();
  const field = page.getByRole("textbox", { name: "Slots reserved for Chat of Sales" });
  await write(field, "1.5");
  await field.press("Enter");
  await page.getByText("1.5 is not a whole number of slots.").waitFor();
  expect(await field.inputValue()).toBe("1.5");
  await write(field, "3");
  await field.press("Enter");
  await reserved(page, 3).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await reserved(page, 0).waitFor();
});

test("more than is left cannot be saved, and who holds the rest is named", async () => {
  await here.server.reserveChats("sales", 15);
  onTestFinished(() => nothingReserved("sales", "support"));
  const { page } = await here.visitor({ path: "/concurrency?edit=support" });
  await write(page.getByRole("textbox", { name: "Chat" }), "6");
  const save = page.getByRole("button", { name: "Save" });
  expect(await save.getAttribute("aria-disabled")).toBe("true");
  await page.getByText("Only 5 slots are left. Sales holds 15.").first().waitFor();
  await write(page.getByRole("textbox", { name: "Chat" }), "5");
  await save.click();
  await reserved(page, 20).waitFor();
});

test("what was typed is not lost without a question", async () => {
  const { page } = await here.visitor();
  await row(page, "Surveys").getByRole("button", { name: "Actions for Surveys" }).click();
  await page.getByRole("menuitem", { name: "Edit reservations" }).click();
  await page.getByRole("menu").waitFor({ state: "detached" });
  const chat = page.getByRole("textbox", { name: "Chat" });
  await write(chat, "2");
  await page.keyboard.press("Escape");
  const question = page.getByRole("alertdialog", { name: "Discard your changes?" });
  await question.getByRole("button", { name: "Cancel" }).click();
  expect(await chat.inputValue()).toBe("2");
  await page.goBack();
  await question.waitFor();
  await question.getByRole("button", { name: "Discard" }).click();
  await chat.waitFor({ state: "detached" });
  await reserved(page, 0).waitFor();
});

test("a reservation that somebody else changed meanwhile is not overwritten unseen", async () => {
  await here.server.reserveChats("surveys", 1);
  onTestFinished(() => nothingReserved("surveys"));
  const { page } = await here.visitor();
  await row(page, "Surveys").getByRole("button", { name: "Actions for Surveys" }).click();
  await page.getByRole("menuitem", { name: "Edit reservations" }).click();
  await write(page.getByRole("textbox", { name: "Chat" }), "2");
  await here.server.reserveChats("surveys", 4);
  await page.getByRole("button", { name: "Keep mine" }).waitFor();
  const save = page.getByRole("button", { name: "Save" });
  expect(await save.getAttribute("aria-disabled")).toBe("true");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await save.click();
  await reserved(page, 2).waitFor();
});

test("adding, editing and removing need no pointer", async () => {
  const { page } = await here.visitor();
  const press = (key: string) => page.keyboard.press(key);
  await reserved(page, 0).waitFor();
  await tabTo(page, "Reserve slots");
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
  await reserved(page, 2).waitFor();
  await page.getByRole("dialog").waitFor({ state: "detached" });

  await tabTo(page, "Support, Inbound nothing");
  await press("Enter");
  await page.keyboard.type("1");
  await press("Enter");
  await reserved(page, 3).waitFor();

  await tabTo(page, "Actions for Support");
  await press("Enter");
  await page.getByRole("menuitem", { name: "Remove agent" }).waitFor();
  await press("Home");
  await press("ArrowDown");
  await press("Enter");
  await page.getByRole("alertdialog").waitFor();
  await tabTo(page, "Remove");
  await press("Enter");
  await reserved(page, 0).waitFor();
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
