import { act, cleanup, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../../requests.fixture";
import { poolOf, renderAs } from "../pool.fixture";
import type { Slots } from "./draft";
import { previewOf } from "./preview.fixture";
import { WhatHappens } from "./what-happens";

const POOL = poolOf(20, {
  guest: { name: "Guest", queued: { chat: 3 } },
  sales: { name: "Sales", reserved: { chat: 12 } },
});
const NONE: Slots = { webcall: 0, chat: 0, outbound: 0, inbound: 0 };

interface Asked {
  chat: number;
  ifMatch: string | null;
  signal: AbortSignal;
  answer: (response: Response) => void;
}

let asked: Asked[];

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    const { reservations } = await request.json();
    const { signal, headers } = request;
    return new Promise<Response>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      const chat = reservations[0].chat;
      asked.push({ chat, ifMatch: headers.get("if-match"), signal, answer: resolve });
    });
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const shownFor = (chat: number | undefined) => (
  <WhatHappens
    pool={POOL}
    unsaved={
      chat === undefined
        ? undefined
        : { agent: "sales", slots: { ...NONE, chat }, version: POOL.version }
    }
  />
);

const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

async function answer(at: number, response: Response) {
  asked[at]?.answer(response);
  await pass(0);
  await pass(0);
}

const starting = (count: number) =>
  Response.json(previewOf({ starts: [{ agent: "guest", type: "chat", count }], shared_after: 8 }));

const box = () => document.querySelector("[aria-live]") as HTMLElement;

test("nothing is asked for or said while there is nothing to save", async () => {
  renderAs("admin", shownFor(undefined));
  await pass(10_000);
  expect([asked.length, box().textContent]).toEqual([0, ""]);
});

test("what a form begins with is asked for at once, for the version it has", async () => {
  renderAs("admin", shownFor(9));
  await pass(0);
  expect(asked.map(({ chat, ifMatch }) => [chat, ifMatch])).toEqual([[9, '"1"']]);
  await answer(0, starting(3));
  expect(screen.getByText("3 chats of Guest start at once.")).toBeTruthy();
});

test("the server is asked a quarter of a second after the last key", async () => {
  const { rerender } = renderAs("admin", shownFor(undefined));
  rerender(shownFor(1));
  await pass(200);
  rerender(shownFor(10));
  await pass(249);
  expect(asked).toEqual([]);
  await pass(1);
  expect(asked.map(({ chat }) => chat)).toEqual([10]);
});

test("the sentences before stay, dimmed, until the new ones are there", async () => {
  const { rerender } = renderAs("admin", shownFor(9));
  await pass(0);
  await answer(0, starting(3));
  expect(box().getAttribute("aria-busy")).toBe("false");
  rerender(shownFor(10));
  const dimmed = () => [box().getAttribute("aria-busy"), box().className.includes("opacity-50")];
  expect(dimmed()).toEqual(["true", true]);
  await pass(250);
  expect(dimmed()).toEqual(["true", true]);
  expect(screen.getByText("3 chats of Guest start at once.")).toBeTruthy();
  await answer(1, starting(2));
  expect(screen.getByText("2 chats of Guest start at once.")).toBeTruthy();
  expect(dimmed()).toEqual(["false", false]);
});

test("the latest answer wins, and the question before it is given up", async () => {
  const { rerender } = renderAs("admin", shownFor(9));
  await pass(0);
  rerender(shownFor(10));
  await pass(250);
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false]);
  await answer(1, starting(2));
  await answer(0, starting(3));
  expect(screen.getByText("2 chats of Guest start at once.")).toBeTruthy();
});

test("where the server does not say it, nothing is said, and it is not asked again and again", async () => {
  const { rerender } = renderAs("admin", shownFor(9));
  await pass(0);
  await answer(0, starting(3));
  rerender(shownFor(10));
  await pass(250);
  await answer(1, new Response(null, { status: 503 }));
  expect(box().textContent).toBe("");
  await pass(20_000);
  expect(asked).toHaveLength(2);
});

test("calls go on meanwhile, so it is asked for again every few seconds, and not dimmed for that", async () => {
  renderAs("admin", shownFor(9));
  await pass(0);
  await answer(0, starting(3));
  await pass(5_000);
  expect(asked).toHaveLength(2);
  expect(box().getAttribute("aria-busy")).toBe("false");
  await answer(1, starting(1));
  expect(screen.getByText("1 chat of Guest starts at once.")).toBeTruthy();
});

test("what could not be saved is said with the server's reason", async () => {
  renderAs("admin", shownFor(9));
  await pass(0);
  const detail = "21 reserved slots do not fit under the limit of 20";
  const problem = { code: "reservations_exceed_limit", detail };
  await answer(0, Response.json({ ...previewOf({ fits: false }), problem }));
  expect(box().textContent).toBe(`Not possible: ${detail}`);
});

test("with a number that is wrong there is nothing to say", async () => {
  const { rerender } = renderAs("admin", shownFor(9));
  await pass(0);
  await answer(0, starting(3));
  rerender(shownFor(undefined));
  expect(box().textContent).toBe("");
});
