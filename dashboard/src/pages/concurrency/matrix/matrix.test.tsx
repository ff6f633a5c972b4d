import { act, fireEvent, screen, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { setNow, show } from "../live.fixture";
import { AGENTS, open, POOL, rowsOf, setUp } from "../page.fixture";
import { poolOf, queuedCall } from "../pool.fixture";

vi.mock("../../../live/live-provider", () => import("../live.fixture"));

setUp();

describe("the table of agents", () => {
  test("has a row for each agent, who waits first, and its sums", () => {
    show({ pool: POOL });
    open();
    expect(rowsOf(AGENTS)).toEqual([
      "Booking|1 +1||||1|1|||⋯",
      "Support||||10/8|10||||⋯",
      "Billing||1/2||0/2|1||||⋯",
      "Total of 3 agents|1 +1|1/2||10/10|12|1|||",
    ]);
  });

  test("says more of a cell: which slots, who waits, how long", () => {
    show({ pool: POOL, queue: [queuedCall("1", { agent: "booking", type: "webcall" })] });
    open();
    const cell = within(screen.getByRole("row", { name: /Booking/ })).getAllByRole("cell")[0];
    const words = () => cell?.querySelector("[aria-description]")?.getAttribute("aria-description");
    expect(words()).toBe("Webcall: 1 shared slot in use · 1 waiting, 41 s");
    act(() => setNow("2026-01-01T00:00:42.000Z"));
    expect(words()).toBe("Webcall: 1 shared slot in use · 1 waiting, 42 s");
  });

  test("is ordered by a head, and says so", () => {
    show({ pool: POOL });
    open();
    fireEvent.click(screen.getByRole("button", { name: "Agent" }));
    expect(rowsOf(AGENTS).map((row) => row.split("|")[0])).toEqual([
      "Billing",
      "Booking",
      "Support",
      "Total of 3 agents",
    ]);
    const head = screen.getByRole("columnheader", { name: /Agent/ });
    expect(head.getAttribute("aria-sort")).toBe("ascending");
    expect(location.search).toBe("?sort=agent");
  });

  test("lists a choice of agents", () => {
    show({ pool: POOL });
    open();
    fireEvent.click(screen.getByRole("button", { name: "Reserved 2" }));
    expect(rowsOf(AGENTS)).toHaveLength(3);
    fireEvent.click(screen.getByRole("button", { name: "At cap 0" }));
    expect(screen.getByText("No agent is so now")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all agents" }));
    expect(rowsOf(AGENTS)).toHaveLength(4);
  });

  test("shows what is searched for, and how to see all again; / leads to the search", () => {
    show({ pool: POOL });
    open();
    const search = screen.getByRole("searchbox", { name: "Search agents" });
    fireEvent.keyDown(document.body, { key: "/" });
    expect(document.activeElement).toBe(search);
    fireEvent.change(search, { target: { value: "supp" } });
    expect(rowsOf(AGENTS)).toHaveLength(2);
    fireEvent.change(search, { target: { value: "nobody" } });
    expect(
      screen.getByText("No agent of this choice has “nobody” in its name or id."),
    ).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all agents" }));
    expect(rowsOf(AGENTS)).toHaveLength(4);
  });

  test("keeps its order while somebody points at it", () => {
    show({ pool: POOL });
    open();
    const names = () => rowsOf(AGENTS).map((row) => row.split("|")[0]);
    const before = names();
    fireEvent.pointerEnter(
      screen.getByRole("table", { name: AGENTS }).parentElement as HTMLElement,
    );
    act(() =>
      show({
        pool: poolOf(20, {
          billing: { name: "Billing", reserved: { chat: 2, inbound: 2 }, queued: { chat: 9 } },
          booking: { name: "Booking" },
          support: { name: "Support", reserved: { inbound: 8 } },
        }),
      }),
    );
    expect(names()).toEqual(before);
    fireEvent.pointerLeave(
      screen.getByRole("table", { name: AGENTS }).parentElement as HTMLElement,
    );
    expect(names()[0]).toBe("Billing");
  });

  test("keeps names that run from right to left to themselves", () => {
    show({ pool: poolOf(20, { a: { name: "مبيعات" } }) });
    open();
    expect(screen.getByTitle("مبيعات").tagName).toBe("BDI");
  });

  test("is explained while there is no agent", () => {
    show({ pool: poolOf(20, {}) });
    open();
    expect(screen.getByText("No agents yet")).toBeTruthy();
  });

  test("tells how many rows it has when not all of them are drawn", () => {
    const many = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`a${index}`, { reserved: { chat: 1 } }]),
    );
    show({ pool: poolOf(5000, many) });
    open();
    const table = screen.getByRole("table", { name: AGENTS });
    expect(table.getAttribute("aria-rowcount")).toBe("1002");
    expect(table.querySelectorAll("tr").length).toBeLessThan(100);
  });
});
