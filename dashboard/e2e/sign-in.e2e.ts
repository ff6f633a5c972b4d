import { expect, test } from "vitest";
import { write } from "./keys";
import { world } from "./world";

const here = world();

test("the link of the first start signs in once, as the operator", async () => {
  const { server, stranger } = here;
  const { page } = await stranger();
  await page.goto(server.signInLink);
  await page.getByRole("heading", { name: "Concurrency", level: 1 }).waitFor();
  expect(new URL(page.url()).hash).toBe("");
  await page.getByRole("link", { name: "Plans" }).click();
  await page.getByRole("heading", { name: "Plans", level: 1 }).waitFor();
  const late = await stranger();
  await late.page.goto(server.signInLink);
  await late.page.getByRole("alert").waitFor();
  expect(await late.page.getByLabel("API key").isVisible()).toBe(true);
});

test("a key signs in, and a wrong one is told what to do", async () => {
  const { page } = await here.stranger();
  await page.goto("/");
  await write(page.getByLabel("API key"), "cs_admin_wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await write(page.getByLabel("API key"), here.server.adminKey);
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Concurrency", level: 1 }).waitFor();
});

test("the session is in a cookie that scripts cannot read, and signing out ends it", async () => {
  const { page, context } = await here.visitor();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ name: "callslot_session", httpOnly: true, sameSite: "Lax" });
  expect(await page.evaluate(() => document.cookie)).toBe("");
  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("menuitem", { name: "Sign out", exact: true }).click();
  await page.getByLabel("API key").waitFor();
  expect(await context.cookies()).toEqual([]);
  const old = await fetch(`${here.server.url}/v1/session`, {
    headers: { cookie: `${cookie?.name}=${cookie?.value}` },
  });
  expect(old.status).toBe(401);
});

test("signing out everywhere reaches other browsers", async () => {
  const one = await here.visitor();
  const other = await here.visitor();
  await one.page.getByRole("button", { name: /^Account:/ }).click();
  await one.page.getByRole("menuitem", { name: "Sign out everywhere" }).click();
  await one.page.getByRole("button", { name: "Sign out everywhere" }).click();
  await one.page.getByLabel("API key").waitFor();
  await other.page.getByLabel("API key").waitFor();
});

test("another site cannot act with the session", async () => {
  const { context } = await here.visitor();
  const [cookie] = await context.cookies();
  const response = await fetch(`${here.server.url}/v1/agents/forged`, {
    method: "PUT",
    headers: {
      cookie: `${cookie?.name}=${cookie?.value}`,
      "content-type": "application/json",
      "sec-fetch-site": "cross-site",
      origin: "https://evil.example",
    },
    body: JSON.stringify({ name: "Forged" }),
  });
  expect(response.status).toBe(403);
});

test("what a role may not do is disabled and says why", async () => {
  const key = await here.server.makeKey("viewer");
  const { page } = await here.visitor({ key });
  const add = page.getByRole("button", { name: "Reserve slots" }).first();
  expect(await add.getAttribute("aria-disabled")).toBe("true");
  expect(await add.getAttribute("aria-description")).toContain("admin");
  const refused = await page.evaluate(async () => {
    const response = await fetch("/v1/reservations", {
      method: "PUT",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ reservations: [] }),
    });
    return response.status;
  });
  expect(refused).toBe(403);
});
