import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../requests.fixture";
import type { Recent } from "../../domain";
import { ConcurrencyPage } from "./concurrency-page";
import { forget, setNow, show } from "./live.fixture";
import { poolOf, renderAs } from "./pool.fixture";
import { figuresOf, recentOf } from "./recent.fixture";

vi.mock("../../live/live-provider", () => import("./live.fixture"));

const POOL = poolOf(20, {
  billing: { name: "Billing", active: { chat: 1 } },
  sales: { name: "Sales", active: { chat: 2 } },
});

let recent: () => Promise<Response>;
let historyPeaks: number[];
let reads: string[];

beforeEach(() => {
  forget();
  history.replaceState(null, "", "/concurrency");
  // Midday, wherever this runs: the hour before is of the same day.
  setNow(new Date(2026, 0, 1, 12).toISOString());
  reads = [];
  historyPeaks = [11];
  answer(lastHour());
  vi.stubGlobal("fetch", async (request: Request) => {
    const { pathname } = new URL(request.url);
    reads.push(pathname);
    if (pathname === "/v1/concurrency/recent") return recent();
    const points = historyPeaks.map((peak_active) => ({
      ...figuresOf({ peak_active, peak_queued: 2 }),
      at: new Date(2026, 0, 1, 6).toISOString(),
    }));
    return Response.json({ series: [{ points }] });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function lastHour(rest: Partial<Recent> = {}): Recent {
  const hour = recentOf([{ peak_active: 3 }, { peak_active: 18, peak_queued: 4 }], rest);
  const points = hour.points.map((point, at) => ({
    ...point,
    at: new Date(2026, 0, 1, 11, 58 + at).toISOString(),
  }));
  return { ...hour, points };
}

function answer(hour: Recent) {
  recent = async () => Response.json(hour);
}

const tiles = () => within(screen.getByRole("region", { name: "The pool now" }));
const line = (name: RegExp) => tiles().findByRole("img", { name });

test("tiles have the line of the last hour, and say between what it was", async () => {
  show({ pool: POOL });
  renderAs("viewer", <ConcurrencyPage />);
  const inUse = await line(/^In use in the last hour/);
  expect(inUse.getAttribute("aria-label")).toBe(
    "In use in the last hour, the most of each minute: between 3 and 18",
  );
  expect((await line(/^Waiting/)).getAttribute("aria-label")).toBe(
    "Waiting in the last hour, the most of each minute: between 0 and 4",
  );
  expect(tiles().getByRole("button", { name: "In use 3 / 20 (15 %)" })).toBeTruthy();
  expect(reads.filter((path) => path === "/v1/concurrency/recent")).toHaveLength(1);
});

test("the peak of today is the highest that was counted, was in the last hour or is now", async () => {
  show({ pool: POOL });
  renderAs("viewer", <ConcurrencyPage />);
  expect(await tiles().findByText("Peak today 18")).toBeTruthy();
  expect(tiles().getByText("Peak today 4")).toBeTruthy();
  act(() => show({ pool: poolOf(20, { billing: { active: { chat: 19 } } }) }));
  expect(tiles().getByText("Peak today 19")).toBeTruthy();
});

test("the page does not wait for the last hour, and keeps its place", async () => {
  let tell: (hour: Response) => void = () => {};
  recent = () =>
    new Promise((resolve) => {
      tell = resolve;
    });
  show({ pool: POOL });
  renderAs("viewer", <ConcurrencyPage />);
  expect(tiles().getByRole("button", { name: "In use 3 / 20 (15 %)" })).toBeTruthy();
  expect(screen.getByRole("table")).toBeTruthy();
  expect(tiles().queryByRole("img")).toBeNull();
  await waitFor(() => expect(reads).toContain("/v1/concurrency/recent"));
  tell(Response.json(lastHour()));
  expect(await line(/^In use/)).toBeTruthy();
});

test("it is read again every minute; what cannot be read again is no longer shown", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  show({ pool: POOL });
  renderAs("viewer", <ConcurrencyPage />);
  await line(/between 3 and 18/);
  answer({
    ...lastHour(),
    points: lastHour().points.map((point) => ({ ...point, peak_active: 5 })),
  });
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  await line(/^In use in the last hour, the most of each minute: 5$/);
  recent = async () => new Response(null, { status: 503 });
  await act(() => vi.advanceTimersByTimeAsync(60_000));
  await waitFor(() => expect(tiles().queryByRole("img")).toBeNull());
});

test("the table has the long waits of each agent, orders by them, and leaves them out for too many agents", async () => {
  const waits = (p95: number) => figuresOf({ wait_ms: { max: p95, p50: 0, p95, p99: p95 } });
  answer(lastHour({ agents: [{ agent: "billing", ...waits(42_000) }] }));
  show({ pool: POOL });
  renderAs("viewer", <ConcurrencyPage />);
  const row = (name: RegExp) => within(screen.getByRole("row", { name }));
  expect(await row(/Billing/).findByRole("cell", { name: "42 s" })).toBeTruthy();
  const names = () =>
    screen
      .getAllByRole("row")
      .slice(1, 3)
      .map((each) => each.querySelector("th")?.textContent);
  expect(names()).toEqual(["Sales", "Billing"]);
  act(() => screen.getByRole("button", { name: "Wait p95 1 h" }).click());
  expect(names()).toEqual(["Billing", "Sales"]);
  cleanup();
  answer(lastHour({ agents: null }));
  renderAs("viewer", <ConcurrencyPage />);
  await waitFor(() => expect(screen.queryByRole("columnheader", { name: /Wait p95/ })).toBeNull());
});
