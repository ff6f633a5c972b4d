import { createServer, type Server as Receiver } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { write } from "./keys";
import { world } from "./world";

/** What a webhook of these tests was sent: the types of events, in order. */
const received: string[] = [];
let receiver: Receiver;
let address = "";

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (part) => {
      body += part;
    });
    request.on("end", () => {
      received.push(JSON.parse(body).type);
      response.end("ok");
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, "127.0.0.1", listening));
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/callslot`;
});
afterAll(() => receiver.close());

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  for (const chat of [2, 6]) {
    const of_support = { agent: "support", webcall: 0, chat, outbound: 0, inbound: 0 };
    await server.ask("PUT", "/v1/reservations", { reservations: [of_support] });
  }
  await server.ask("POST", "/v1/webhooks", {
    url: "https://example.com/a",
    events: ["call.ended"],
  });
});

const PAGES = ["/webhooks", "/audit"];

for (const colorScheme of ["light", "dark"] as const) {
  test(`webhooks and the audit have no accessibility violation, ${colorScheme}`, async () => {
    const visitor = await here.visitor({ colorScheme });
    for (const path of PAGES) {
      await visitor.page.goto(path);
      await visitor.page.locator("[data-row-link]").first().waitFor();
      expect(await visitor.violations(), path).toEqual([]);
      await visitor.page.locator("[data-row-link]").first().click();
      await visitor.page.getByRole("dialog").waitFor();
      expect(await visitor.violations(), path).toEqual([]);
    }
  });
}

test("they fit a screen of 320 px", async () => {
  const { page } = await here.visitor({ width: 320, height: 640 });
  for (const path of PAGES) {
    await page.goto(path);
    await page.locator("[data-row-link]").first().waitFor();
    const over = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(over, path).toBeLessThanOrEqual(0);
  }
});

test("reservations are put back by keyboard alone", async () => {
  const { page } = await here.visitor();
  await page.goto("/audit");
  await page.getByRole("link", { name: "Changed reservations" }).first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Put back" }).focus();
  await page.keyboard.press("Enter");
  const question = page.getByRole("alertdialog");
  await question.getByText("support: 2 (chat 2)").waitFor();
  await question.getByRole("button", { name: "Put back" }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("The reservations were put back.").waitFor();
});

test("a webhook is made, its secret shown once, and it is tested and gets events", async () => {
  const { page } = await here.visitor();
  await page.goto("/webhooks");
  await page.getByRole("button", { name: "Create webhook" }).click();
  await write(page.getByLabel("Address"), address);
  await page.keyboard.press("Enter");
  const secret = page.getByLabel("The secret", { exact: true });
  await secret.waitFor();
  expect(await secret.inputValue()).toMatch(/^whsec_/);
  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("button", { name: "Close without copying" }).click();
  await page.getByRole("link", { name: address }).click();
  await page.getByRole("button", { name: "Send a test" }).click();
  await page.getByText("The test was taken: 200 in").waitFor();
  await here.server.ask("POST", "/v1/calls", { agent: "support", type: "chat", id: "told" });
  await page
    .getByRole("button", { name: /^Redeliver call.started/ })
    .first()
    .click();
  await page.getByText(/^call.started .* is delivered again.$/).waitFor();
  await expect.poll(() => received.filter((type) => type === "call.started").length).toBe(2);
});
