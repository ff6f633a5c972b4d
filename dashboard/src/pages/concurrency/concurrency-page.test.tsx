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

let estimates: unknown[] = [];
let answers: (() => Response)[] = [];
const asked: { method: string; url: string; ifMatch: string | null; body?: unknown }[] = [];

beforeEach(() => {
  forget();
  history.replaceState(null, "", "/concurrency");
  estimates = [];
  answers = [];
  asked.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    const { method, headers } = request;
    const url = new URL(request.url).pathname;
    if (url === "/v1/calls") return Response.json({ items: estimates });
    // The past, and what saving leads to, have tests of their own.
    if (["/v1/concurrency/recent", "/v1/history"].includes(url)) return new Promise(() => {});
    if (url === "/v1/reservations/preview") return new Promise(() => {});
    const text = await request.text();
    const body = text === "" ? {} : { body: JSON.parse(text) };
    asked.push({ method, url, ifMatch: headers.get("if-match"), ...body });
    return answers.shift()?.() ?? Response.json(POOL);
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
    .getAllByRole("row")
    .slice(1);
  return rows.map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => cell.textContent).join("|"),
  );
}

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

const LABEL = "Agents by call type";

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
  expect(rowsOf(LABEL)).toHaveLength(2);
  fireEvent.click(segment());
  expect(location.search).toBe("");
  const tiles = screen.getByRole("region", { name: "The pool now" });
  fireEvent.click(within(tiles).getByRole("button", { name: /^Waiting 1/ }));
  expect(location.search).toBe("?tab=waiting");
});

describe("the table of agents", () => {
  test("has a row for each agent, who waits first, and its sums", () => {
    show({ pool: POOL });
    open();
    expect(rowsOf(LABEL)).toEqual([
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
    expect(rowsOf(LABEL).map((row) => row.split("|")[0])).toEqual([
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
    expect(rowsOf(LABEL)).toHaveLength(3);
    fireEvent.click(screen.getByRole("button", { name: "At cap 0" }));
    expect(screen.getByText("No agent is so now")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all agents" }));
    expect(rowsOf(LABEL)).toHaveLength(4);
  });

  test("shows what is searched for, and how to see all again; / leads to the search", () => {
    show({ pool: POOL });
    open();
    const search = screen.getByRole("searchbox", { name: "Search agents" });
    fireEvent.keyDown(document.body, { key: "/" });
    expect(document.activeElement).toBe(search);
    fireEvent.change(search, { target: { value: "supp" } });
    expect(rowsOf(LABEL)).toHaveLength(2);
    fireEvent.change(search, { target: { value: "nobody" } });
    expect(
      screen.getByText("No agent of this choice has “nobody” in its name or id."),
    ).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Show all agents" }));
    expect(rowsOf(LABEL)).toHaveLength(4);
  });

  test("keeps its order while somebody points at it", () => {
    show({ pool: POOL });
    open();
    const names = () => rowsOf(LABEL).map((row) => row.split("|")[0]);
    const before = names();
    fireEvent.pointerEnter(screen.getByRole("table", { name: LABEL }).parentElement as HTMLElement);
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
    fireEvent.pointerLeave(screen.getByRole("table", { name: LABEL }).parentElement as HTMLElement);
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
    const table = screen.getByRole("table", { name: LABEL });
    expect(table.getAttribute("aria-rowcount")).toBe("1002");
    expect(table.querySelectorAll("tr").length).toBeLessThan(100);
  });
});

test("the browser's tab says how many wait", () => {
  show({ pool: POOL });
  open();
  expect(document.title).toBe("(1) Concurrency · Callslot");
});

describe("a number in its cell", () => {
  const cell = () => screen.getByRole("button", { name: "Billing, Chat 1/2" });
  const field = () => screen.getByRole("textbox", { name: "Slots reserved for Chat of Billing" });
  const typed = (value: string) => fireEvent.change(field(), { target: { value } });

  function begin() {
    show({ pool: { ...POOL, version: 7 } });
    open();
    fireEvent.click(cell());
  }

  test("is saved by Enter, and can be taken back", async () => {
    begin();
    typed("4");
    fireEvent.keyDown(field(), { key: "Enter" });
    await screen.findByText(/Saved:/);
    expect(asked.at(-1)).toEqual({
      method: "PUT",
      url: "/v1/reservations",
      ifMatch: '"7"',
      body: { reservations: [{ agent: "billing", webcall: 0, chat: 4, outbound: 0, inbound: 2 }] },
    });
    expect(document.activeElement).toBe(cell());
    const after = {
      billing: { name: "Billing", reserved: { chat: 4, inbound: 2 }, active: { chat: 1 } },
    };
    act(() => show({ pool: poolOf(20, after, { version: 8 }) }));
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(screen.queryByText(/Saved:/)).toBeNull());
    expect(asked.at(-1)).toMatchObject({
      ifMatch: '"8"',
      body: { reservations: [{ agent: "billing", chat: 2, inbound: 2 }] },
    });
  });

  test("is restored by Escape", () => {
    begin();
    typed("9");
    fireEvent.keyDown(field(), { key: "Escape" });
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(asked).toEqual([]);
    expect(document.activeElement).toBe(cell());
  });

  test.each([
    ["−3", "−3 is below zero. Type 0 or more."],
    ["1.5", "1.5 is not a whole number of slots."],
    ["11", "Only 10 slots are left. Support holds 8, Billing's Inbound 2."],
  ])("that is wrong stays typed and says why: %s", (text, why) => {
    begin();
    typed(text);
    fireEvent.keyDown(field(), { key: "Enter" });
    expect((field() as HTMLInputElement).value).toBe(text);
    expect(screen.getByRole("alert").textContent).toBe(why);
    expect(asked).toEqual([]);
  });

  test("that was changed is not left for another one", () => {
    begin();
    typed("3");
    fireEvent.click(screen.getByRole("button", { name: "Billing, Inbound 0/2" }));
    expect((field() as HTMLInputElement).value).toBe("3");
    expect(screen.getByRole("alert").textContent).toContain("Save this number");
  });

  test("that somebody else changed is not written over unseen", async () => {
    begin();
    typed("4");
    const theirs = poolOf(
      20,
      { billing: { name: "Billing", reserved: { chat: 5 } } },
      { version: 9 },
    );
    answers = [
      () => Response.json({ code: "version_mismatch", detail: "changed" }, { status: 412 }),
      () => Response.json(theirs),
    ];
    fireEvent.keyDown(field(), { key: "Enter" });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe(
      "Someone else set this to 5 in the meantime. Enter saves 4 all the same, Esc keeps theirs.",
    );
    expect((field() as HTMLInputElement).value).toBe("4");
  });
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
    "History",
    "Calls",
  ]);
  expect(items.slice(0, 2).every((item) => item.getAttribute("aria-disabled") === "true")).toBe(
    true,
  );
});

describe("the calls that wait", () => {
  const QUEUE = [
    queuedCall("c1", { agent: "booking", type: "webcall" }),
    queuedCall("c2", { agent: "gone", blocked_on: "agent_cap", blocked_by: { agent: "gone" } }),
    queuedCall("c3", { agent: "booking", type: "webcall" }),
  ];

  function openWaiting(role: Role = "admin") {
    open(role);
    fireEvent.click(screen.getByRole("tab", { name: /Waiting/ }));
  }

  test("what would make a call wait is said while none does", () => {
    show({ pool: poolOf(20, {}) });
    openWaiting();
    expect(screen.getByText("No calls are waiting")).toBeTruthy();
    expect(location.search).toBe("?tab=waiting");
  });

  test("are listed with the reason as a sentence and an estimate", async () => {
    estimates = [{ ...queuedCall("c1"), estimated_wait_ms: 21_000 }];
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    await waitFor(() =>
      expect(rowsOf("Waiting calls")).toEqual([
        "1|c1|Booking|Webcall|41 s|All 8 shared slots are busy|about 20 s|End",
        "2|c2|gone|Chat|41 s|gone is at its cap|–|End",
        "3|c3|Booking|Webcall|41 s|All 8 shared slots are busy|–|End",
      ]),
    );
    expect(screen.getByRole("link", { name: "c2" }).getAttribute("href")).toBe("/calls?call=c2");
  });

  test("can be seen by agent and type, and all of one ended", async () => {
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    fireEvent.click(screen.getByRole("button", { name: "By agent and type" }));
    expect(rowsOf("Waiting calls by agent and type")).toEqual([
      "Booking|Webcall|2|1|41 s|All 8 shared slots are busy|–|End all",
      "gone|Chat|1|2|41 s|gone is at its cap|–|End all",
    ]);
    asked.length = 0;
    fireEvent.click(
      screen.getByRole("button", { name: "End all Webcall calls of Booking that wait" }),
    );
    const dialog = await screen.findByRole("alertdialog", {
      name: "End 2 waiting calls of Booking?",
    });
    fireEvent.click(within(dialog).getByRole("button", { name: "End all" }));
    await waitFor(() => expect(asked.map(({ url }) => url)).toContain("/v1/calls/end"));
  });

  test("one is ended once that is confirmed", async () => {
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    fireEvent.click(screen.getByRole("button", { name: "End call c1" }));
    const dialog = await screen.findByRole("alertdialog", { name: "End call c1?" });
    expect(dialog.textContent).toContain("It is queued at position 1.");
    fireEvent.click(within(dialog).getByRole("button", { name: "End call" }));
    await waitFor(() => expect(asked.map(({ url }) => url)).toContain("/v1/calls/c1/end"));
  });

  test("say so when they are more than what is kept here", () => {
    show({ pool: { ...POOL, queued: 30_000 }, queue: [queuedCall("c1")] });
    openWaiting();
    expect(screen.getByText("The first 1 of 30,000 waiting calls.")).toBeTruthy();
  });
});

describe("advice", () => {
  const advice = () => screen.queryByRole("region", { name: "What helps" });

  test("takes no place while nobody waits", () => {
    show({ pool: poolOf(20, { a: { active: { chat: 4 } } }) });
    open();
    expect(advice()).toBeNull();
  });

  test("is one sentence and one button, which opens the panel with what it says", async () => {
    show({
      pool: poolOf(10, {
        guest: { name: "Guest", active: { chat: 4 }, queued: { chat: 2 } },
        capped: { name: "Capped", cap: 0, queued: { chat: 1 } },
        support: { name: "Support", reserved: { inbound: 6 }, active: { inbound: 1 } },
      }),
    });
    open();
    expect(advice()?.textContent).toBe(
      "2 chats of Guest wait because all 4 shared slots are in use, while Support keeps 5 reserved slots idle.Free 2 from Support1 more",
    );
    fireEvent.click(screen.getByRole("button", { name: "1 more" }));
    expect(advice()?.textContent).toContain(
      "1 chat of Capped waits because the cap of Capped is 0.",
    );
    fireEvent.click(screen.getByRole("button", { name: "Free 2 from Support" }));
    await screen.findByRole("dialog", { name: "Reserve slots for Support" });
    const inbound = screen.getByRole("textbox", { name: "Inbound" }) as HTMLInputElement;
    expect(inbound.value).toBe("4");
    expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBeNull();
  });

  test("names the next step to who may take it", () => {
    show({ pool: poolOf(4, { a: { active: { chat: 4 }, queued: { chat: 2 } } }) });
    const { unmount } = open("operator");
    expect(screen.getByRole("link", { name: "Raise the limit" }).getAttribute("href")).toBe(
      "/organisations",
    );
    unmount();
    open("admin");
    expect(screen.queryByRole("link", { name: "Raise the limit" })).toBeNull();
    const button = screen.getByRole("button", { name: "Raise the limit" });
    expect(button.getAttribute("aria-description")).toBe(
      "Ask the operator of this server to raise the limit.",
    );
  });
});

test("stale numbers are grey", () => {
  show({ pool: POOL });
  const { container } = open();
  expect(container.querySelector("[data-stale]")).toBeNull();
  act(() => setStatus({ state: "stale", sinceMs: 0 }));
  expect(container.querySelector("[data-stale]")?.className).toContain("grayscale");
});
