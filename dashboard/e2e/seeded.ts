// An organisation with something on every page, for tests of how pages look.

import type { Visitor } from "./browser";
import type { Server } from "./server";

/** Markup, quotes, and a length that fits nowhere; with a right-to-left override, which a name may not have, or letters that run so. */
const hostile = (turn: string) => `<img src=x onerror=alert(1)>"'${turn}${"long".repeat(20)}`;
export const HOSTILE = hostile("\u202e");
const HOSTILE_NAME = hostile("\u05d0\u05d1").slice(0, 100);

export const PAGES = [
  "Concurrency",
  "Calls",
  "Agents",
  "Gates",
  "History",
  "Developers",
  "Organisations",
  "Plans",
] as const;

/** Agents, reservations, and calls of every state. */
export async function seed(server: Server): Promise<void> {
  await server.putAgent("support", "Support");
  await server.putAgent("sales", "Sales");
  await server.putAgent("hostile", HOSTILE_NAME);
  await server.reserveChats("support", 6);
  await server.reserveChats("sales", 4);
  await server.ask("PUT", "/v1/gates/spring", {
    name: HOSTILE_NAME,
    kind: "campaign",
    cap: 40,
    pace: { starts: 5, per_s: 1 },
    paused: true,
  });
  const hours = { tz: "America/New_York", open: [] };
  await server.ask("PUT", "/v1/gates/trunk", { name: "Trunk", kind: "trunk", hours });
  await work(server);
}

/** Calls of every state, so that no page is empty. */
async function work(server: Server): Promise<void> {
  for (let call = 0; call < 15; call += 1) {
    await server.ask("POST", "/v1/calls", {
      id: `call-${call}`,
      agent: call % 2 === 0 ? "support" : "hostile",
      type: "inbound",
      metadata: { caller: HOSTILE },
    });
  }
  for (const gate of ["spring", "trunk"]) {
    const call = { id: `held-${gate}`, agent: "sales", type: "outbound", gates: [gate] };
    await server.ask("POST", "/v1/calls", call);
  }
  for (let call = 0; call < 3; call += 1) {
    await server.ask("POST", `/v1/calls/call-${call}/end`, { note: HOSTILE });
  }
}

/** Goes to a page, and waits until it has read what it shows. */
export async function open({ page }: Visitor, name: (typeof PAGES)[number]): Promise<void> {
  await page.goto(`/${name.toLowerCase()}`);
  await page.getByRole("heading", { name, level: 1 }).waitFor();
  await page
    .getByText(/^Loading /)
    .first()
    .waitFor({ state: "detached" });
}
