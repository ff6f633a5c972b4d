import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, fireEvent, render, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { actIn } from "../../api/client";
import { refusal } from "../../app.fixture";
import { type SignedIn, SignedInAs } from "../../auth/session";
import { HistoryPage } from "./history-page";
import { limitMarker, point } from "./markers.fixture";
import { plots } from "./plots.fixture";
import { type Asked, busy, history, serveHistory } from "./server.fixture";

vi.mock("uplot", async () => ({ default: (await import("./plots.fixture")).FakePlot }));

const NOW = new Date(2026, 10, 24, 14, 30).getTime();
const MIN = 60_000;
const NOON_BEFORE = new Date(2026, 10, 17, 12).getTime();
const LAST = [busy(NOW - 2 * MIN), point(NOW - MIN)];
const AGENTS = [
  { id: "a", name: "Ada" },
  { id: "b", name: "Bob" },
];

vi.mock("../../live/live-provider", () => ({
  useLive: <T,>(select: (live: unknown) => T) =>
    select({ queue: [], pool: { limit: 20, agents: AGENTS } }),
  useNow: () => NOW,
  useServerNow: () => () => NOW,
}));

const SIGNED_IN: SignedIn = {
  session: { role: "viewer", key: { id: "k", name: "k" }, org: null, expires_at: null },
  org: "acme",
  chooseOrg: () => {},
};

beforeEach(() => {
  actIn("acme");
  vi.stubGlobal("matchMedia", () => new EventTarget());
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe() {}
      disconnect() {}
    },
  );
  Object.defineProperty(window, "innerWidth", { value: 1280, configurable: true });
});

function show(address = "/history") {
  window.history.replaceState(null, "", address);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  render(
    <QueryClientProvider client={queries}>
      <SignedInAs as={SIGNED_IN}>
        <HistoryPage />
      </SignedInAs>
    </QueryClientProvider>,
  );
  return queries;
}

const address = () => window.location.pathname + window.location.search;
const chart = (name: string) => screen.findByRole("img", { name: new RegExp(`^Chart: ${name}`) });

describe("the page", () => {
  it("shows four charts of the last day in the organisation that is looked at", async () => {
    const all = serveHistory((asked) => history(asked, LAST));
    show();
    for (const name of ["Active calls", "Queue depth", "Wait until started", "Starts and ends"]) {
      expect(await chart(name)).toBeTruthy();
    }
    expect(all[0]).toMatchObject({ org: "acme", query: { step_s: "300", by: "agent" } });
    expect(all[0]?.query.to).toBe(new Date(NOW).toISOString());
  });

  it("begins with the figures of the span", async () => {
    serveHistory((asked) => history(asked, LAST));
    show();
    expect((await screen.findByText("Peak active")).parentElement?.textContent).toContain(
      "17 of 20",
    );
    expect(screen.getByText("Calls started").parentElement?.textContent).toContain("1,234");
    expect(screen.getByText("p95 wait").parentElement?.textContent).toContain("4 s");
  });

  it("lists settings changes, and takes the limit from them", async () => {
    const markers = [limitMarker(NOW - MIN, 7, 50)];
    serveHistory((asked) => history(asked, LAST, { markers }));
    show();
    expect(await screen.findByText("1 settings change in this span")).toBeTruthy();
    expect(screen.getByText("limit is 50, plan standard")).toBeTruthy();
    expect((await chart("Active calls")).getAttribute("aria-label")).toContain(
      "limit 50 at the end",
    );
  });

  it("tells what would be here when there were no calls, and where to look instead", async () => {
    serveHistory((asked) => history(asked, [point(NOW - MIN)]));
    show("/history?span=1h");
    expect(await screen.findByText("No calls in this span")).toBeTruthy();
    expect(screen.queryByRole("img")).toBeNull();
    fireEvent.click(screen.getByRole("button", { name: "Show the last 30 days" }));
    await waitFor(() => expect(address()).toBe("/history?span=30d"));
  });

  it("shows the server's words when it refuses", async () => {
    serveHistory(() => refusal(403, "forbidden", "this key may not read the history"));
    show();
    const note = await screen.findByRole("alert");
    expect(note.textContent).toContain("This key may not read the history");
    expect(note.textContent).toContain("req-1");
  });

  it("keeps what was shown, dimmed, until what was asked for has come", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    serveHistory(async (asked) => {
      if (asked.query.step_s === "10800") await held;
      return history(asked, LAST);
    });
    show();
    await chart("Active calls");
    fireEvent.click(screen.getByRole("button", { name: "30 d" }));
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).not.toBeNull());
    expect(await chart("Active calls")).toBeTruthy();
    release();
    await waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull());
  });

  it("takes longer points when that many would be too long an answer", async () => {
    const all = serveHistory((asked) =>
      asked.query.by === "agent" && Number(asked.query.step_s) < 900
        ? refusal(422, "invalid_field", "the answer would be too long; choose a longer `step_s`")
        : history(asked, LAST, { series: [{ agent: "a", points: LAST }] }),
    );
    const queries = show("/history?by=agent");
    await chart("Active calls");
    expect(screen.getAllByText("Ada").length).toBeGreaterThan(0);
    const steps = () =>
      all.filter(({ query }) => query.by === "agent").map(({ query }) => query.step_s);
    expect(steps()).toEqual(["300", "600", "900"]);
    await act(() => queries.refetchQueries());
    expect(steps()).toEqual(["300", "600", "900", "900"]);
  });
});

describe("the address", () => {
  const served = () => serveHistory((asked) => history(asked, LAST));

  it("says which span is shown, and is what is shown", async () => {
    const all = served();
    show("/history?span=7d");
    await chart("Active calls");
    expect(screen.getByRole("button", { name: "7 d" }).getAttribute("aria-pressed")).toBe("true");
    fireEvent.click(screen.getByRole("button", { name: "1 h" }));
    expect(address()).toBe("/history?span=1h");
    await waitFor(() => expect(all.at(-1)?.query.step_s).not.toBe("3600"));
  });

  it("keeps what active calls are stacked by when the span changes", async () => {
    served();
    show();
    await chart("Active calls");
    fireEvent.change(screen.getByRole("combobox", { name: "Active calls" }), {
      target: { value: "type" },
    });
    fireEvent.click(screen.getByRole("button", { name: "30 d" }));
    expect(address()).toBe("/history?span=30d&by=type");
  });

  it("gets the part that a chart was drawn over, and goes back to all of it", async () => {
    const all = served();
    show("/history?span=1h");
    await chart("Active calls");
    plots[2]?.drag(NOW - 2 * MIN, NOW - MIN);
    await waitFor(() => expect(address()).toMatch(/^\/history\?from=.*&to=/));
    const { from, to } = Object.fromEntries(new URLSearchParams(window.location.search));
    expect(Date.parse(from ?? "")).toBeLessThanOrEqual(NOW - 2 * MIN);
    expect(Date.parse(to ?? "")).toBe(NOW);
    await waitFor(() =>
      expect(Date.parse(all.at(-1)?.query.from ?? "")).toBe(Date.parse(from ?? "")),
    );
    window.history.back();
    await waitFor(() => expect(address()).toBe("/history?span=1h"));
  });

  it("takes a span that is typed in", async () => {
    served();
    show();
    await chart("Active calls");
    fireEvent.click(screen.getByRole("button", { name: "Custom …" }));
    const dialog = within(await screen.findByRole("dialog"));
    fireEvent.change(dialog.getByLabelText("From"), { target: { value: "2026-11-24T10:00" } });
    fireEvent.change(dialog.getByLabelText("To"), { target: { value: "2026-11-24T09:00" } });
    fireEvent.click(dialog.getByRole("button", { name: "Show" }));
    expect(dialog.getByRole("alert").textContent).toContain("choose a later end");
    fireEvent.change(dialog.getByLabelText("To"), { target: { value: "2026-11-24T12:00" } });
    fireEvent.click(dialog.getByRole("button", { name: "Show" }));
    const from = new Date(2026, 10, 24, 10).toISOString().slice(0, 16);
    const to = new Date(2026, 10, 24, 12).toISOString().slice(0, 16);
    expect(address()).toBe(`/history?from=${from}Z&to=${to}Z`);
  });
});

describe("the table", () => {
  it("has the points of the charts, newest first", async () => {
    serveHistory((asked) => history(asked, LAST));
    show("/history?by=none&compare=none");
    await chart("Active calls");
    fireEvent.click(screen.getByRole("button", { name: "View as table" }));
    expect(address()).toBe("/history?by=none&compare=none&view=table");
    expect(screen.queryByRole("img")).toBeNull();
    const rows = screen
      .getAllByRole("row")
      .map((row) => [...row.querySelectorAll("th, td")].map((cell) => cell.textContent));
    expect(rows).toEqual([
      [
        "Time",
        "Peak active",
        "Mean active",
        "Peak queued",
        "Wait p50",
        "Wait p95",
        "Wait p99",
        "Starts",
        "Ends",
        "Pool not full",
        "Limit",
      ],
      ["24 Nov, 14:29 – 14:30", "0", "0.0", "0", "–", "–", "–", "0", "0", "0", "20"],
      [
        "24 Nov, 14:28 – 14:29",
        "17",
        "12.3",
        "4",
        "0 s",
        "4 s",
        "41 s",
        "1,234",
        "1,200",
        "4",
        "20",
      ],
    ]);
  });

  it("has a column for each agent when they are told apart", async () => {
    const series = [
      { agent: "b", points: LAST },
      { agent: "gone", points: LAST },
    ];
    serveHistory((asked) => history(asked, LAST, asked.query.by === "agent" ? { series } : {}));
    show("/history?view=table&by=agent");
    expect(await screen.findByRole("columnheader", { name: "Bob, mean active" })).toBeTruthy();
    expect(screen.getByRole("columnheader", { name: "gone, mean active" })).toBeTruthy();
  });
});

describe("the cursor", () => {
  it("moves with the arrow keys in all charts, and what is there is read out", async () => {
    serveHistory((asked) => history(asked, LAST));
    show("/history?by=none&compare=none");
    const active = await chart("Active calls");
    expect(screen.getByText("Newest point:", { exact: false })).toBeTruthy();
    fireEvent.keyDown(active, { key: "ArrowLeft" });
    fireEvent.keyDown(active, { key: "ArrowLeft" });
    expect(screen.getByText("24 Nov, 14:28 – 14:29")).toBeTruthy();
    expect(screen.getByText(/14:29: Peak 17, Mean 12.3, Limit 20/)).toBeTruthy();
    expect(screen.getByRole("region", { name: "Wait until started" }).textContent).toContain("p99");
    expect(plots.map(({ cursor }) => cursor.left)).toEqual([MIN / 2, MIN / 2, MIN / 2, MIN / 2]);
  });
});

describe("a zoom by keys", () => {
  it("goes to what Shift and the arrows have selected, and back to the span before", async () => {
    serveHistory((asked) => history(asked, LAST));
    show("/history?span=1h");
    const active = await chart("Active calls");
    fireEvent.keyDown(active, { key: "Home" });
    fireEvent.keyDown(active, { key: "ArrowRight", shiftKey: true });
    expect(plots[0]?.select).toEqual({ left: 0, width: 2 * MIN });
    expect(screen.getByText(/^2 points selected. Enter zooms to them./)).toBeTruthy();
    fireEvent.keyDown(active, { key: "Enter" });
    await waitFor(() => expect(address()).toMatch(/^\/history\?from=.*&to=/));
    expect(plots[0]?.select.width).toBe(0);
    fireEvent.click(await screen.findByRole("button", { name: "Reset zoom" }));
    await waitFor(() => expect(address()).toBe("/history?span=1h"));
  });
});

describe("the week before", () => {
  it("is asked for, told beside the figures and drawn, and can be left out", async () => {
    const week = 7 * 24 * 60 * MIN;
    const earlier = [point(NOON_BEFORE, { starts: 617, peak_active: 17 })];
    const all = serveHistory((asked) =>
      history(asked, Date.parse(asked.query.to ?? "") < NOW ? earlier : LAST),
    );
    show();
    const started = (await screen.findByText("Calls started")).parentElement;
    expect(started?.textContent).toContain("100 % more than the week before (617)");
    expect(screen.getByText("Peak active").parentElement?.textContent).toContain(
      "as the week before",
    );
    const asked = all.find(({ query }) => Date.parse(query.to ?? "") === NOW - week);
    expect(asked?.query).toMatchObject({ by: "none", step_s: "300" });
    expect(screen.getByText("Starts, the week before")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "Compare weeks" }));
    expect(address()).toBe("/history?compare=none");
    await waitFor(() => expect(screen.queryByText("Starts, the week before")).toBeNull());
  });
});

describe("the hours of the week", () => {
  const hour = point(Date.UTC(2026, 10, 23, 9), { mean_active: 10, starts: 1, span_ms: 60 * MIN });

  it("are heat maps of use and of waits, with a figure in each cell, and a table", async () => {
    const all = serveHistory((asked) => history(asked, [hour]));
    show();
    await chart("Active calls");
    fireEvent.click(screen.getByRole("button", { name: "Hours of the week" }));
    expect(address()).toBe("/history?weeks=4");
    const map = await screen.findByRole("table", { name: "Utilisation by hour of the week" });
    expect(within(map).getAllByRole("cell")).toHaveLength(168);
    expect(all.at(-1)?.query).toMatchObject({ step_s: "3600", by: "none" });
    expect(screen.getByRole("table", { name: "Waits by hour of the week" })).toBeTruthy();
    fireEvent.change(screen.getByRole("combobox", { name: "Hours in" }), {
      target: { value: "utc" },
    });
    expect(within(map).getByText("Mon 09:00: 50 % in use (1 week)")).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: "View as table" }));
    expect(address()).toBe("/history?weeks=4&view=table");
    expect(screen.getByRole("columnheader", { name: /Wait p95/ })).toBeTruthy();
  });

  it("say so when no calls were in them", async () => {
    serveHistory((asked) => history(asked, []));
    show("/history?weeks=13");
    expect(await screen.findByText("No calls in these weeks")).toBeTruthy();
  });
});

describe("CSV", () => {
  const saved = vi.fn();

  beforeEach(() => {
    saved.mockReset();
    vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function (
      this: HTMLAnchorElement,
    ) {
      saved(this.download, this.href);
    });
    Object.assign(URL, { createObjectURL: () => "blob:1", revokeObjectURL: () => {} });
  });

  it("is what the server writes of the points that are shown, named by organisation and span", async () => {
    const all = serveHistory((asked) =>
      asked.accept === "text/csv" ? new Response("at,span_ms\r\n") : history(asked, LAST),
    );
    show("/history?span=7d&by=type");
    await chart("Active calls");
    const shown: Asked | undefined = all.find(({ query }) => query.by === "type");
    fireEvent.click(screen.getByRole("button", { name: "Download CSV" }));
    await waitFor(() => expect(saved).toHaveBeenCalledWith("acme-history-7d.csv", "blob:1"));
    expect(all.at(-1)).toEqual({ query: shown?.query, accept: "text/csv", org: "acme" });
  });

  it("says why when it cannot be had", async () => {
    serveHistory((asked) =>
      asked.accept === "text/csv"
        ? refusal(503, "overloaded", "too many ask")
        : history(asked, LAST),
    );
    show();
    await chart("Active calls");
    fireEvent.click(screen.getByRole("button", { name: "Download CSV" }));
    expect((await screen.findByRole("alert")).textContent).toContain("Too many ask");
    expect(saved).not.toHaveBeenCalled();
  });
});
