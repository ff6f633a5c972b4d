import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import "../../requests.fixture";
import type { Role } from "../../domain";
import { ConcurrencyPage } from "./concurrency-page";
import { forget, setNow, setStatus, show } from "./live.fixture";
import { poolOf, queuedCall, renderAs } from "./pool.fixture";

vi.mock("../../live/live-provider", () => import("./live.fixture"));

const POOL = poolOf(20, {
  billing: { name: "Billing", reserved: { chat: 2, inbound: 2 }, active: { chat: 1 } },
  booking: { name: "Booking", active: { webcall: 1 }, queued: { webcall: 1 } },
  support: { name: "Support", reserved: { inbound: 8 }, active: { inbound: 10 } },
});

const asked: { method: string; url: string; ifMatch: string | null }[] = [];

beforeEach(() => {
  forget();
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { method, url, headers } = request;
    asked.push({ method, url: new URL(url).pathname, ifMatch: headers.get("if-match") });
    return Response.json(POOL);
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function open(role: Role = "admin") {
  return renderAs(role, <ConcurrencyPage />);
}

function rowsOf(table: string): string[] {
  const rows = within(screen.getByRole("table", { name: table }))
    .getAllByRole<HTMLTableRowElement>("row")
    .slice(1);
  return rows.map((row) => [...row.cells].map((cell) => cell.textContent).join("|"));
}

const RESERVED = "Agents with reserved concurrency";

test("until the pool is known, the page says what it reads", () => {
  open();
  expect(screen.getByRole("status").textContent).toContain("Loading the pool");
});

test("the headline counts up while the first call waits", () => {
  show({ pool: POOL, queue: [queuedCall("1", { agent: "booking", type: "webcall" })] });
  open();
  expect(screen.getByText("1 waiting, longest 41 s")).toBeTruthy();
  act(() => setNow("2026-01-01T00:00:42.000Z"));
  expect(screen.getByText("1 waiting, longest 42 s")).toBeTruthy();
});

test("the bar says what each segment holds, and one of them is a stop of the keyboard", () => {
  show({ pool: POOL });
  open();
  const bar = screen.getByRole("group", { name: "12 of 20 slots reserved, 12 in use" });
  const segments = within(bar).getAllByRole("img");
  expect(segments.map((segment) => segment.getAttribute("aria-label"))).toEqual([
    "Billing",
    "Support",
    "Shared",
  ]);
  expect(segments.map((segment) => segment.getAttribute("aria-description"))).toEqual([
    "Billing: 1 of 4 reserved slots in use",
    "Support: 8 of 8 reserved slots in use, 2 more on shared slots",
    "Shared: 3 of 8 shared slots in use: Support 2, Booking 1",
  ]);
  const stops = () => segments.map((segment) => segment.tabIndex);
  expect(stops()).toEqual([0, -1, -1]);
  fireEvent.keyDown(segments[0] as HTMLElement, { key: "ArrowRight" });
  expect(document.activeElement).toBe(segments[1]);
  expect(stops()).toEqual([-1, 0, -1]);
});

describe("the table of reservations", () => {
  test("has a row for each agent with a reservation", () => {
    show({ pool: POOL });
    open();
    expect(rowsOf(RESERVED)).toEqual([
      "Billing|0|2|0|2|4|1|0|⋯",
      "Support|0|0|0|8|8|2 shared10|0|⋯",
    ]);
  });

  test("shows what is searched for, and how to see all again", () => {
    show({ pool: POOL });
    open();
    const search = screen.getByRole("searchbox", { name: "Search agents" });
    fireEvent.change(search, { target: { value: "supp" } });
    expect(rowsOf(RESERVED)).toHaveLength(1);
    fireEvent.change(search, { target: { value: "nobody" } });
    expect(
      screen.getByText(/No agent with a reservation has “nobody” in its name or id/),
    ).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Clear the search" }));
    expect(rowsOf(RESERVED)).toHaveLength(2);
  });

  test("is explained while it is empty", () => {
    show({ pool: poolOf(20, {}) });
    open();
    expect(screen.getByText("No agents have reserved concurrency yet")).toBeTruthy();
  });

  test("tells how many rows it has when not all of them are drawn", () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`a${index}`, { reserved: { chat: 1 } }]),
    );
    show({ pool: poolOf(5000, many) });
    open();
    const table = screen.getByRole("table", { name: RESERVED });
    expect(table.getAttribute("aria-rowcount")).toBe("1001");
    expect(within(table).queryAllByRole("row").length).toBeLessThan(100);
  });
});

test("agents that use slots without a reservation are listed, and stay when they have none", () => {
  show({ pool: POOL });
  open();
  expect(rowsOf("Agents without a reservation")).toEqual(["Booking|1|0|0|0|1|1|Reserve"]);
  act(() => show({ pool: poolOf(20, { booking: { name: "Booking" } }) }));
  expect(rowsOf("Agents without a reservation")).toEqual(["Booking|0|0|0|0|0|0|Reserve"]);
});

test("Reserve opens the panel for the agent", async () => {
  show({ pool: POOL });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Reserve for Booking" }));
  expect(await screen.findByRole("dialog", { name: "Booking" })).toBeTruthy();
});

test("Add asks for an agent and opens the panel for it", async () => {
  show({ pool: POOL });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Add" }));
  const search = await screen.findByRole("combobox", { name: "Search agents" });
  fireEvent.change(search, { target: { value: "book" } });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  fireEvent.click(screen.getByRole("option", { name: /Booking/ }));
  expect(await screen.findByRole("dialog", { name: "Booking" })).toBeTruthy();
});

async function chooseInMenu(agent: string, item: string) {
  fireEvent.click(screen.getByRole("button", { name: `Actions for ${agent}` }));
  fireEvent.click(await screen.findByRole("menuitem", { name: item }));
}

test("Remove agent asks once, with the number of slots that return", async () => {
  show({ pool: { ...POOL, version: 7 } });
  open();
  await chooseInMenu("Support", "Remove agent");
  const dialog = await screen.findByRole("alertdialog", { name: "Remove Support?" });
  expect(dialog.textContent).toContain(
    "8 reserved slots return to the shared pool, which grows from 8 to 16.",
  );
  expect(asked).toEqual([]);
  fireEvent.click(within(dialog).getByRole("button", { name: "Remove agent" }));
  await screen.findByText("Support no longer has a reservation. Its active calls continue.");
  expect(asked).toEqual([{ method: "DELETE", url: "/v1/reservations/support", ifMatch: '"7"' }]);
});

test("a viewer sees what only admins may do, with the reason", async () => {
  show({ pool: POOL });
  open("viewer");
  const reason = "This requires the role admin; your key has the role viewer.";
  const add = screen.getByRole("button", { name: "Add" });
  expect(add.getAttribute("aria-disabled")).toBe("true");
  expect(add.getAttribute("aria-description")).toBe(reason);
  fireEvent.click(add);
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Actions for Billing" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.textContent)).toEqual([
    `Edit reservations${reason}`,
    `Remove agent${reason}`,
  ]);
  expect(items.every((item) => item.getAttribute("aria-disabled") === "true")).toBe(true);
});

describe("the queue", () => {
  test("says what would make a call wait while nobody does", () => {
    show({ pool: poolOf(20, {}) });
    open();
    expect(screen.getByText("No calls are waiting")).toBeTruthy();
  });

  test("is summed up by agent and type, and listed call by call", () => {
    show({
      pool: POOL,
      queue: [
        queuedCall("c1", { agent: "booking", type: "webcall" }),
        queuedCall("c2", { agent: "gone", blocked_on: "agent_cap" }),
        queuedCall("c3", { agent: "booking", type: "webcall" }),
      ],
    });
    open();
    expect(rowsOf("Waiting calls by agent and type")).toEqual([
      "Booking|Webcall|2|1|41 s|shared pool full",
      "gone|Chat|1|2|41 s|agent cap reached",
    ]);
    fireEvent.click(screen.getByRole("button", { name: "Every call" }));
    expect(rowsOf("Waiting calls")[1]).toBe("2|c2|gone|Chat|41 s|agent cap reached");
  });

  test("says so when it is longer than what is kept here", () => {
    show({ pool: { ...POOL, queued: 30_000 }, queue: [queuedCall("c1")] });
    open();
    expect(screen.getByText("The first 1 of 30,000 waiting calls.")).toBeTruthy();
  });
});

test("notes name the next step for users who may take it", () => {
  const full = poolOf(4, { a: { active: { chat: 4 }, queued: { chat: 2 } } });
  show({ pool: full });
  const { unmount } = open("operator");
  expect(screen.getByRole("link", { name: "Raise the limit" }).getAttribute("href")).toBe(
    "/organisations",
  );
  unmount();
  open("admin");
  expect(screen.queryByRole("link", { name: "Raise the limit" })).toBeNull();
  expect(screen.getByText("Ask the operator of this server to raise the limit.")).toBeTruthy();
});

test("stale numbers are grey", () => {
  show({ pool: POOL });
  const { container } = open();
  expect(container.querySelector("[data-stale]")).toBeNull();
  act(() => setStatus({ state: "stale", sinceMs: 0 }));
  expect(container.querySelector("[data-stale]")?.className).toContain("grayscale");
});
