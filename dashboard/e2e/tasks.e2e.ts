// The tasks of docs/ux.md, done and counted: the page says for each how many clicks and keys it takes, and may not be wrong.

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { countPresses } from "./presses";
import type { Server } from "./server";
import { world } from "./world";

const PAGE = readFileSync(resolve(import.meta.dirname, "../../docs/ux.md"), "utf8");
/** What no task may take more of. */
const MOST_CLICKS = 4;

const here = world(prepare);

/** Does a task from the Concurrency page on, as an operator, and waits for what shows that it is done. */
type Doing = (page: Page) => Promise<void>;

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });
const item = (page: Page, name: string) => page.getByRole("menuitem", { name, exact: true });
const link = (page: Page, name: string) => page.getByRole("link", { name, exact: true });
const question = (page: Page, name: string) =>
  page.getByRole("alertdialog").getByRole("button", { name });

const TASKS: Record<string, Doing> = {
  async "See how full the pool is"(page) {
    await button(page, /^In use 20 \/ 20/).waitFor();
  },
  async "See who holds the slots, and of which kind"(page) {
    await button(page, /^Support, Inbound 20\/3/).waitFor();
  },
  async "See who waits, and why"(page) {
    await button(page, /^Waiting \d+ /).click();
    await page
      .getByText(/All \d+ (shared )?slots are busy/)
      .first()
      .waitFor();
  },
  async "Give Support two more inbound slots"(page) {
    await button(page, /^Support, Inbound/).click();
    await page.keyboard.type("5");
    await page.keyboard.press("Enter");
    await button(page, /^Support, Inbound \d+\/5/).waitFor();
  },
  async "Take that back"(page) {
    await button(page, "Undo").click();
    await button(page, /^Support, Inbound \d+\/3/).waitFor();
  },
  async "Reserve two chats for Sales"(page) {
    await button(page, "Reserve slots").first().click();
    await page.keyboard.type("sal");
    await page.keyboard.press("Enter");
    await button(page, "More Chat").click();
    await button(page, "More Chat").click();
    await button(page, "Save").click();
    await button(page, /^Sales, Chat .*\/2/).waitFor();
  },
  async "Take all reserved slots from Sales"(page) {
    await button(page, "Actions for Sales").click();
    await item(page, "Remove agent").click();
    await question(page, "Remove").click();
    await button(page, /^Sales, Chat nothing/).waitFor();
  },
  async "Find an agent among many"(page) {
    await page.keyboard.press("/");
    await page.keyboard.type("sup");
    await button(page, "Actions for Sales").waitFor({ state: "detached" });
  },
  async "Put the agents with the most in use first"(page) {
    await page.getByRole("columnheader", { name: "In use" }).getByRole("button").click();
    await page.locator("th[aria-sort]", { hasText: "In use" }).waitFor();
  },
  async "Open a call by its id"(page) {
    await page.keyboard.press("Control+k");
    await page.keyboard.type("call-3");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Call" }).getByText("call-3").first().waitFor();
  },
  async "See all calls of Support"(page) {
    await button(page, "Actions for Support").click();
    await item(page, "Calls").click();
    await page.waitForURL(/\/calls\?agent=support/);
  },
  async "End a call that waits"(page) {
    await button(page, /^Waiting \d+ /).click();
    await button(page, "End call call-24").click();
    await question(page, "End call").click();
    await button(page, "End call call-24").waitFor({ state: "detached" });
  },
  async "See the last seven days"(page) {
    await link(page, "History").click();
    await page.getByText("7 d", { exact: true }).click();
    await page.waitForURL(/span=7d/);
  },
  async "Create an agent"(page) {
    await link(page, "Agents").click();
    await button(page, "Create agent").first().click();
    await page.keyboard.type("Night");
    await page.keyboard.press("Enter");
    await page.getByText("Night").first().waitFor();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  },
  async "Delete an agent"(page) {
    await link(page, "Agents").click();
    await button(page, "Actions for Spare").click();
    await item(page, "Delete").click();
    await question(page, "Delete agent").click();
    await button(page, "Actions for Spare").waitFor({ state: "detached" });
  },
  async "Create a key for an engine"(page) {
    await link(page, "Developers").click();
    await button(page, "Create key").first().click();
    await page.keyboard.type("pbx");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Key created" }).waitFor();
  },
  async "Revoke a key"(page) {
    await link(page, "Developers").click();
    await button(page, "Revoke lost").click();
    await question(page, "Revoke").click();
    await button(page, "Revoke lost").waitFor({ state: "detached" });
  },
  async "Choose the dark theme"(page) {
    await button(page, /^Account:/).click();
    await page.getByRole("menuitemradio", { name: "Dark" }).click();
    await page.locator("html[data-theme=dark]").waitFor();
  },
  async "Look at another organisation"(page) {
    await button(page, /^Organisation/).click();
    await page.keyboard.type("oth");
    await page.getByRole("option", { name: /^Other/ }).waitFor();
    await page.keyboard.press("Enter");
    await button(page, /^In use 0 /).waitFor();
  },
  async "Sign out"(page) {
    await button(page, /^Account:/).click();
    await item(page, "Sign out").click();
    await page.getByLabel("API key").waitFor();
  },
};

/** What docs/ux.md says: the tasks, with their clicks and keys. */
const SAID = [...PAGE.matchAll(/^\| ([^|]+?) \| (\d+) \| (\d+) \|/gm)].map(
  ([, task = "", clicks, keys]) => ({ task, clicks: Number(clicks), keys: Number(keys) }),
);

test("docs/ux.md has all twenty tasks, and none that is not done here", () => {
  expect(SAID.map(({ task }) => task)).toEqual(Object.keys(TASKS));
  expect(SAID).toHaveLength(20);
  expect(SAID.filter(({ clicks }) => clicks > MOST_CLICKS)).toEqual([]);
});

for (const said of SAID) {
  // What is taken back has to be done first, uncounted.
  const before = said.task === "Take that back" ? "Give Support two more inbound slots" : undefined;
  test(`${said.task}: ${said.clicks} clicks and ${said.keys} keys`, async () => {
    await reserveForSupport(here.server);
    const visitor = await here.visitor({ key: here.server.operatorKey });
    await button(visitor.page, /^Support, Inbound/).waitFor();
    if (before !== undefined) await TASKS[before]?.(visitor.page);
    const presses = await countPresses(visitor);
    await TASKS[said.task]?.(visitor.page);
    // What is counted is told in order, before this answers.
    await visitor.page.evaluate(() => undefined);
    expect({ task: said.task, ...presses }).toEqual(said);
  });
}

/** Support, whose inbound slots are all in use, and more calls than there are slots. */
async function prepare(server: Server): Promise<void> {
  for (const name of ["Support", "Sales", "Spare"]) {
    await server.putAgent(name.toLowerCase(), name);
  }
  await reserveForSupport(server);
  for (let call = 0; call < 25; call += 1) {
    await server.startCall(`call-${call}`, "support", "inbound");
  }
  await server.ask("POST", "/v1/keys", { name: "lost", role: "engine" });
  const other = { id: "other", name: "Other", plan: "standard" };
  await server.ask("POST", "/v1/orgs", other, server.operatorKey);
}

/** As every task finds it. */
async function reserveForSupport(server: Server): Promise<void> {
  const reservations = [{ agent: "support", inbound: 3 }];
  await server.ask("PUT", "/v1/reservations", { reservations });
}
