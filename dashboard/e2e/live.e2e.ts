import { expect, test } from "vitest";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.reserveChats("support", 2);
});

test("numbers move while calls run, and a call that waits says why", async () => {
  const { page } = await here.visitor();
  await page.getByText("0 of 20 in use").first().waitFor();
  for (let call = 0; call < 21; call += 1) {
    await here.server.startCall(`live-${call}`, "support", "inbound");
  }
  await page.getByText("18 of 20 in use").first().waitFor();
  await page
    .getByText(/3 waiting/)
    .first()
    .waitFor();
  await page.getByText("shared pool full").first().waitFor();
  for (let call = 0; call < 21; call += 1) await here.server.endCall(`live-${call}`);
  await page.getByText("0 of 20 in use").first().waitFor();
});

test("tabs share one stream, and the other goes on when the first is closed", async () => {
  const visitor = await here.stranger();
  const { page, context } = visitor;
  const streams: string[] = [];
  context.on("request", (request) => {
    if (request.url().includes("/v1/events")) streams.push(request.url());
  });
  await visitor.signIn(here.server.adminKey);
  await page.getByText("0 of 20 in use").first().waitFor();
  const second = await context.newPage();
  await second.goto("/concurrency");
  await second.getByText("0 of 20 in use").first().waitFor();
  await here.server.startCall("shared-1", "support", "chat");
  await second.getByText("1 of 20 in use").first().waitFor();
  expect(streams).toHaveLength(1);
  await page.close();
  await here.server.endCall("shared-1");
  await second.getByText("0 of 20 in use").first().waitFor();
});

test("numbers of a server that is gone are marked stale, and come back by themselves", async () => {
  const { page } = await here.visitor();
  await here.server.startCall("outage-1", "support", "chat");
  await page.getByText("1 of 20 in use").first().waitFor();
  await page.evaluate(() => {
    (window as unknown as { isSamePage: boolean }).isSamePage = true;
  });
  await here.server.kill();
  await page.getByText(/^Disconnected .* ago\. Reconnecting…/).waitFor();
  await here.server.startAgain();
  await page
    .getByText(/^Disconnected .* ago\. Reconnecting…/)
    .waitFor({ state: "detached", timeout: 30_000 });
  await here.server.endCall("outage-1");
  await page.getByText("0 of 20 in use").first().waitFor();
  const isSamePage = await page.evaluate(
    () => (window as unknown as { isSamePage?: boolean }).isSamePage,
  );
  expect(isSamePage).toBe(true);
});

test("settling is said with its number", async () => {
  const { page } = await here.visitor();
  await page.getByText("0 of 20 in use").first().waitFor();
  for (let call = 0; call < 18; call += 1) {
    await here.server.startCall(`settle-${call}`, "support", "inbound");
  }
  await here.server.reserveChats("support", 6);
  await page
    .getByText(/settling/i)
    .first()
    .waitFor();
  for (let call = 0; call < 18; call += 1) await here.server.endCall(`settle-${call}`);
  await here.server.reserveChats("support", 2);
  await page.getByText("0 of 20 in use").first().waitFor();
});
