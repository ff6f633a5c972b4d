import { expect, test } from "vitest";
import { write } from "./keys";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("sales", "Sales");
});

/** Starts calls that pass the gate. */
async function feed(gate: string, ...ids: string[]): Promise<void> {
  for (const id of ids) {
    const call = { id, agent: "sales", type: "outbound", gates: [gate] };
    await here.server.ask("POST", "/v1/calls", call);
  }
}

test("a gate is made, holds a call, is paused and resumed, and its waiting calls are canceled", async () => {
  const visitor = await here.visitor({ path: "/gates" });
  const { page } = visitor;
  await page.getByText("No gates yet").waitFor();
  expect(await visitor.violations()).toEqual([]);
  await page.getByRole("button", { name: "Create gate" }).click();
  const panel = page.getByRole("dialog", { name: "Create gate" });
  await write(panel.getByLabel("Name"), "Spring");
  await write(panel.getByLabel("Cap (optional)"), "1");
  await panel.getByLabel("Only at certain hours").check();
  await write(panel.getByLabel("Time zone"), "UTC");
  await write(panel.getByRole("textbox", { name: "Hours" }), "daily 00:00-24:00");
  await panel.getByRole("button", { name: "Add a span on Monday" }).waitFor();
  expect(await visitor.violations()).toEqual([]);
  await panel.getByRole("button", { name: "Create gate" }).click();
  await page.getByText("Gate Spring was created.").waitFor();

  await feed("spring", "c1", "c2", "c3");
  await page.getByRole("row", { name: /Spring.*Full.*1 of 1.*2/ }).waitFor();
  await page.goto("/calls?call=c2");
  const call = page.getByRole("dialog", { name: "Call" });
  await call.getByText("is at its cap of 1.").waitFor();
  expect(await visitor.violations()).toEqual([]);
  await call
    .getByRole("region", { name: "Why it waits" })
    .getByRole("link", { name: "Spring" })
    .click();
  await page.getByRole("dialog", { name: "Spring" }).waitFor();
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "Pause Spring" }).click();
  await page.getByText("Spring is paused.").waitFor();
  await here.server.endCall("c1");
  await page.getByRole("row", { name: /Spring.*Paused.*0 of 1.*2/ }).waitFor();
  await page.goto("/concurrency?tab=waiting");
  await page.getByRole("row", { name: /c2.*Spring is paused/ }).waitFor();
  await page.goto("/gates");
  await page.getByRole("button", { name: "Resume Spring" }).click();
  await page.getByRole("row", { name: /Spring.*Full.*1 of 1.*1/ }).waitFor();
  expect(await visitor.violations()).toEqual([]);

  await page.getByRole("button", { name: "Actions for Spring" }).click();
  await page.getByRole("menuitem", { name: "Cancel waiting calls" }).click();
  await page.getByRole("button", { name: "Cancel 1 waiting call" }).click();
  await page.getByText("1 call of Spring was canceled.").waitFor();
  await page.getByRole("row", { name: /Spring.*2 of 3/ }).waitFor();
  const c3 = (await here.server.ask("GET", "/v1/calls/c3")) as { reason: string };
  expect(c3.reason).toBe("canceled");
});

test("the calls of a gate are found by it, and a gate in use says what must go first", async () => {
  await here.server.ask("PUT", "/v1/gates/trunk", { name: "Trunk", kind: "trunk", paused: true });
  await feed("trunk", "t1");
  const { page } = await here.visitor({ path: "/calls" });
  await page.getByLabel("Gate").selectOption({ label: "Trunk (trunk)" });
  await page.waitForURL("**/calls?gate=trunk");
  await page.getByRole("row", { name: /t1.*Trunk paused/ }).waitFor();
  await page.goto("/gates");
  await page.getByRole("button", { name: "Actions for Trunk" }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete gate" }).click();
  await page
    .getByRole("alertdialog")
    .getByText(/live call/)
    .waitFor();
});
