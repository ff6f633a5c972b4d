import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Server } from "./server";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.startCall("sip-old", "support", "chat");
  await server.endCall("sip-old");
  await server.startCall("other-old", "support", "chat");
  await server.endCall("other-old");
  // More than the 20 slots: four are queued.
  for (let call = 10; call < 34; call += 1) {
    await server.ask("POST", "/v1/calls", {
      id: `sip-${call}`,
      agent: "support",
      type: "inbound",
      metadata: { campaign: call % 2 === 0 ? "Spring sale" : "Autumn" },
    });
  }
});

/** The ids of the rows, as far as they are drawn. */
async function ids(page: Page): Promise<string[]> {
  const links = page.getByRole("table", { name: "Calls" }).getByRole("rowheader").getByRole("link");
  return links.evaluateAll((all) => all.map((link) => link.getAttribute("title") ?? ""));
}

async function endedIds(server: Server): Promise<string[]> {
  const list = await server.ask("GET", "/v1/calls?state=ended&id_prefix=sip-3");
  return (list as { items: { id: string; note: string }[] }).items.map(
    ({ id, note }) => `${id} ${note}`,
  );
}

test("one search finds live and ended calls; by keyboard alone, some are ended and the view is kept", async () => {
  const visitor = await here.visitor({ path: "/calls" });
  const { page } = visitor;
  await page.getByRole("link", { name: "other-old" }).waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("sip-");
  await page.waitForURL("**/calls?q=sip-");
  await page.getByRole("link", { name: "other-old" }).waitFor({ state: "detached" });
  const found = await ids(page);
  expect(found.slice(0, 4)).toEqual(["sip-30", "sip-31", "sip-32", "sip-33"]);
  expect(found).toHaveLength(25);
  expect(found.at(-1)).toBe("sip-old");

  await page.getByRole("checkbox", { name: "Select call sip-30" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+Space");
  await page.getByText("3 selected").waitFor();
  expect(await visitor.violations()).toEqual([]);
  await page.getByRole("button", { name: "End selected" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("alertdialog", { name: "End 3 queued calls?" }).waitFor();
  await page.keyboard.type("campaign stopped");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("3 calls ended.").waitFor();
  await expect
    .poll(() => endedIds(here.server))
    .toEqual(["sip-32", "sip-31", "sip-30"].map((id) => `${id} campaign stopped`));
  await page.getByRole("row", { name: /sip-31.*canceled/ }).waitFor();

  await page.getByRole("button", { name: "Views" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "Save this view …" }).waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByLabel("Name").waitFor();
  await page.keyboard.type("Calls over SIP");
  await page.keyboard.press("Enter");
  await page.getByText("The view “Calls over SIP” is saved in this browser.").waitFor();
  await page.goto("/calls");
  await page.getByRole("button", { name: "Views" }).click();
  await page.getByRole("menuitem", { name: "Calls over SIP" }).click();
  await page.waitForURL(/\/calls\?q=sip-&columns=/);
  await page.getByRole("button", { name: "View: Calls over SIP" }).waitFor();
  await page.getByRole("row", { name: /sip-old/ }).waitFor();
});

test("live calls are found by their metadata, and a call's own address tells its story", async () => {
  const visitor = await here.visitor({ path: "/calls?q=spring%20sale" });
  const { page } = visitor;
  await page.getByText("Live calls are searched by id and metadata.").waitFor();
  expect(await ids(page)).toHaveLength(10);
  await page.goto("/calls?call=sip-33");
  const panel = page.getByRole("dialog", { name: "Call" });
  await panel.getByText("All 20 slots are busy.").waitFor();
  await panel.getByText("20 of 20 slots are in use.").waitFor();
  await panel.getByText("Raw JSON").click();
  await panel.getByText('"id": "sip-33"').waitFor();
  expect(await visitor.violations()).toEqual([]);
  await page.goto("/calls?call=sip-old");
  await panel.getByText("It did not wait: a shared slot was free.").waitFor();
});

test("a viewer is told why nothing can be ended", async () => {
  const key = await here.server.makeKey("viewer");
  const { page } = await here.visitor({ key, path: "/calls?state=active" });
  const end = page.getByRole("button", { name: /^End all \d+ active calls/ });
  await end.hover();
  await page.getByText("This requires the role engine; your key has the role viewer.").waitFor();
  await end.click({ force: true });
  expect(await page.getByRole("alertdialog").count()).toBe(0);
});
