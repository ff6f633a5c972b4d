import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { setNow, setStatus, show } from "./live.fixture";
import { AGENTS, asked, chooseInMenu, open, POOL, rowsOf, setUp } from "./page.fixture";
import { queuedCall } from "./pool.fixture";

vi.mock("../../live/live-provider", () => import("./live.fixture"));

setUp();

test("until the pool is known, the page says what it reads", () => {
  open();
  expect(screen.getByRole("status").textContent).toContain("Loading the pool");
});

test("a tile counts up while the first call waits", () => {
  show({ pool: POOL, queue: [queuedCall("1", { agent: "booking", type: "webcall" })] });
  open();
  expect(screen.getByRole("button", { name: "Waiting 1 longest 41 s" })).toBeTruthy();
  act(() => setNow("2026-01-01T00:00:42.000Z"));
  expect(screen.getByRole("button", { name: "Waiting 1 longest 42 s" })).toBeTruthy();
});

test("the bar says what each segment holds, and one of them is a stop of the keyboard", () => {
  show({ pool: POOL });
  open();
  const bar = screen.getByRole("group", { name: "12 of 20 slots reserved, 12 in use" });
  const segments = within(bar).getAllByRole("button");
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

test("a tile and a segment of the bar narrow the list, and the segment says its numbers", () => {
  show({ pool: POOL });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Reserved 12 / 20 3 idle" }));
  expect(location.search).toBe("?show=reserved");
  const segment = () =>
    within(screen.getByRole("group", { name: /reserved, 12 in use/ })).getByRole("button", {
      name: "Support",
    });
  fireEvent.click(segment());
  expect(location.search).toBe("?agent=support");
  expect(screen.getByText(/8 of 8 reserved slots in use/).textContent).toBe(
    "Support: 8 of 8 reserved slots in use, 2 more on shared slots",
  );
  expect(rowsOf(AGENTS)).toHaveLength(2);
  fireEvent.click(segment());
  expect(location.search).toBe("");
  const tiles = screen.getByRole("region", { name: "The pool now" });
  fireEvent.click(within(tiles).getByRole("button", { name: /^Waiting 1/ }));
  expect(location.search).toBe("?tab=waiting");
});

test("the browser's tab says how many wait", () => {
  show({ pool: POOL });
  open();
  expect(document.title).toBe("(1) Concurrency · Callslot");
});

test("Edit reservations opens the panel for the agent, and the address names it", async () => {
  show({ pool: POOL });
  open();
  await chooseInMenu("Booking", "Edit reservations");
  expect(await screen.findByRole("dialog", { name: "Reserve slots for Booking" })).toBeTruthy();
  expect(location.search).toBe("?edit=booking");
});

test("an address with an agent opens its panel", async () => {
  history.replaceState(null, "", "/concurrency?edit=support");
  show({ pool: POOL });
  open();
  expect(await screen.findByRole("dialog", { name: "Reserve slots for Support" })).toBeTruthy();
});

test("Reserve slots asks for an agent and opens the panel for it", async () => {
  show({ pool: POOL });
  open();
  fireEvent.click(screen.getByRole("button", { name: "Reserve slots" }));
  const search = await screen.findByRole("combobox", { name: "Search agents" });
  fireEvent.change(search, { target: { value: "book" } });
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  fireEvent.click(screen.getByRole("option", { name: /Booking/ }));
  expect(await screen.findByRole("dialog", { name: "Reserve slots for Booking" })).toBeTruthy();
});

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
  const add = screen.getByRole("button", { name: "Reserve slots" });
  expect(add.getAttribute("aria-disabled")).toBe("true");
  expect(add.getAttribute("aria-description")).toBe(reason);
  fireEvent.click(add);
  expect(screen.queryByRole("dialog")).toBeNull();
  fireEvent.click(screen.getByRole("button", { name: "Actions for Billing" }));
  const items = await screen.findAllByRole("menuitem");
  expect(items.map((item) => item.textContent)).toEqual([
    `Edit reservations${reason}`,
    `Remove agent${reason}`,
    "History by agent",
    "Calls",
  ]);
  expect(items.slice(0, 2).every((item) => item.getAttribute("aria-disabled") === "true")).toBe(
    true,
  );
});

test("stale numbers are grey", () => {
  show({ pool: POOL });
  const { container } = open();
  expect(container.querySelector("[data-stale]")).toBeNull();
  act(() => setStatus({ state: "stale", sinceMs: 0 }));
  expect(container.querySelector("[data-stale]")?.className).toContain("grayscale");
});
