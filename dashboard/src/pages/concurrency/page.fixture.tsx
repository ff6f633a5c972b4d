// The page with a server that answers what a test wants, for the tests of this folder.

import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { afterEach, beforeEach, vi } from "vitest";
import "../../requests.fixture";
import type { Role } from "../../domain";
import { ConcurrencyPage } from "./concurrency-page";
import { forget } from "./live.fixture";
import { poolOf, renderAs } from "./pool.fixture";

export const POOL = poolOf(20, {
  billing: { name: "Billing", reserved: { chat: 2, inbound: 2 }, active: { chat: 1 } },
  booking: { name: "Booking", active: { webcall: 1 }, queued: { webcall: 1 } },
  support: { name: "Support", reserved: { inbound: 8 }, active: { inbound: 10 } },
});

/** The name of the table of agents. */
export const AGENTS = "Agents by call type";

interface Asked {
  method: string;
  url: string;
  ifMatch: string | null;
  body?: unknown;
}

/** What the server was asked, but for the list of calls. */
export const asked: Asked[] = [];
/** What it answers next; when there is nothing more, `POOL`. */
export const answers: (() => Response)[] = [];
/** The calls that it lists, with their estimates. */
export const listed: unknown[] = [];

/** Each test begins with a page that was never seen. */
export function setUp(): void {
  beforeEach(() => {
    forget();
    history.replaceState(null, "", "/concurrency");
    for (const list of [asked, answers, listed]) list.length = 0;
    vi.stubGlobal("fetch", answer);
  });
  afterEach(() => {
    cleanup();
    vi.unstubAllGlobals();
  });
}

const UNANSWERED = ["/v1/concurrency/recent", "/v1/history", "/v1/reservations/preview"];

async function answer(request: Request): Promise<Response> {
  const { method, headers } = request;
  const url = new URL(request.url).pathname;
  if (url === "/v1/calls") return Response.json({ items: listed });
  // The past, and what saving leads to, have tests of their own.
  if (UNANSWERED.includes(url)) return new Promise(() => {});
  const text = await request.text();
  const body = text === "" ? {} : { body: JSON.parse(text) };
  asked.push({ method, url, ifMatch: headers.get("if-match"), ...body });
  return answers.shift()?.() ?? Response.json(POOL);
}

export function open(role: Role = "admin") {
  return renderAs(role, <ConcurrencyPage />);
}

export function rowsOf(table: string): string[] {
  const rows = within(screen.getByRole("table", { name: table }))
    .getAllByRole("row")
    .slice(1);
  return rows.map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => cell.textContent).join("|"),
  );
}

export async function chooseInMenu(agent: string, item: string) {
  fireEvent.click(screen.getByRole("button", { name: `Actions for ${agent}` }));
  fireEvent.click(await screen.findByRole("menuitem", { name: item }));
}
