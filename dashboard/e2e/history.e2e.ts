import { expect, test } from "vitest";
import { world } from "./world";

const here = world(async (server) => {
  await server.putAgent("support", "Support");
  await server.putAgent("sales", "Sales");
  // Two more than the 20 slots.
  for (let call = 0; call < 22; call += 1) {
    const agent = call % 2 === 0 ? "support" : "sales";
    await server.ask("POST", "/v1/calls", { id: `call-${call}`, agent, type: "inbound" });
  }
  await server.endCall("call-21");
  await server.endCall("call-0");
});

test("the last hour is stacked by agent, says who waited and why, and what was lost", async () => {
  const { page } = await here.visitor({ path: "/history?span=1h" });
  const charts = page.getByRole("region", { name: "Charts" });
  const active = charts.getByRole("region", { name: "Active calls" });
  await active.getByText("Support", { exact: true }).waitFor();
  await active.getByText("Limit", { exact: true }).waitFor();
  const waits = charts.getByRole("list", { name: "When calls waited" });
  await waits.getByRole("button", { name: /waited until .* the pool was full/ }).waitFor();
  const lost = charts.getByRole("region", { name: "Lost demand" });
  await lost.getByText("Gave up", { exact: true }).waitFor();
});

test("keys alone select a part, zoom to it, and go back", async () => {
  const { page } = await here.visitor({ path: "/history?span=1h" });
  const chart = page.getByRole("img", { name: /^Chart: Active calls/ });
  await chart.focus();
  for (const key of ["End", "Shift+PageUp", "Enter"]) await chart.press(key);
  await page.waitForURL(/from=.*&to=/);
  await page.getByRole("button", { name: "Reset zoom" }).press("Enter");
  await page.waitForURL(/\/history\?span=1h$/);
});

test("the charts are saved as a picture", async () => {
  const { page } = await here.visitor({ path: "/history?span=1h" });
  // Not every driver tells of downloads: the link that is pressed for it says the same.
  const saved = page.evaluate(
    () =>
      new Promise<{ name: string; begins: number[] }>((tell) => {
        const made: Blob[] = [];
        const create = URL.createObjectURL;
        URL.createObjectURL = (blob: Blob) => {
          made.push(blob);
          return create(blob);
        };
        HTMLAnchorElement.prototype.click = async function click() {
          const bytes = new Uint8Array((await made.at(-1)?.arrayBuffer()) ?? []);
          tell({ name: this.download, begins: [...bytes.slice(1, 4)] });
        };
      }),
  );
  await page.getByRole("button", { name: "Download PNG" }).click();
  const { name, begins } = await saved;
  expect(name).toMatch(/-history-1h\.png$/);
  expect(String.fromCharCode(...begins)).toBe("PNG");
});

for (const width of [320, 1280]) {
  test(`the hours of the week are shown and told at ${width} px`, async () => {
    const visitor = await here.visitor({ path: "/history?weeks=4", width });
    const map = visitor.page.getByRole("table", { name: "Utilisation by hour of the week" });
    await map
      .getByText(/% in use/)
      .first()
      .waitFor({ state: "attached" });
    expect(await map.getByRole("cell").count()).toBe(168);
    const overhang = await visitor.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overhang).toBe(0);
    expect(await visitor.violations()).toEqual([]);
    await visitor.page.getByRole("button", { name: "View as table" }).click();
    await visitor.page.getByText("Mon 00:00").waitFor();
  });
}
