// For tests: a server of a few answers, and what surrounds a page.

import "./requests.fixture";

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, vi } from "vitest";
import { actIn, ORG_HEADER } from "./api/client";
import { createQueries } from "./auth/queries";
import { type SignedIn, SignedInAs } from "./auth/session";
import type { Role, Session } from "./domain";
import { LiveProvider } from "./live/live-provider";
import { ToastProvider } from "./ui/message/toast-provider";
import { Toasts } from "./ui/message/toasts";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  localStorage.clear();
  actIn(null);
  window.history.replaceState(null, "", "/");
});

/** A request as the server of a test saw it. */
export interface Asked {
  /** Such as "GET /v1/keys?limit=1000". */
  line: string;
  body: unknown;
  org: string | null;
}

type Answer = (asked: Asked) => unknown;

/** Puts a server in place that answers by method and path: with a `Response`, or a body. Answers are given once asked for; what it was asked is in the list. */
export function serve(answers: Record<string, Answer>): Asked[] {
  const seen: Asked[] = [];
  vi.stubGlobal("fetch", async (input: string | Request, init?: RequestInit) => {
    const request = input instanceof Request ? input : new Request(input, init);
    const { pathname, search } = new URL(request.url);
    // The live part stays without an answer.
    if (["/v1/concurrency", "/v1/events"].includes(pathname)) return new Promise(() => undefined);
    const text = await request.text();
    const asked: Asked = {
      line: `${request.method} ${pathname}${search}`,
      body: text === "" ? undefined : JSON.parse(text),
      org: request.headers.get(ORG_HEADER),
    };
    seen.push(asked);
    const answer = answers[`${request.method} ${pathname}`];
    if (answer === undefined) return refusal(404, "unknown_route", `nothing is at ${asked.line}`);
    const given = await answer(asked);
    if (given instanceof Response) return given;
    return given === undefined ? new Response(null, { status: 204 }) : Response.json(given);
  });
  return seen;
}

/** A refusal as the server words it. */
export function refusal(status: number, code: string, detail: string): Response {
  const body = { type: `urn:callslot:problem:${code}`, code, title: code, status, detail };
  return Response.json(
    { ...body, request_id: "req-1" },
    { status, headers: { "content-type": "application/problem+json" } },
  );
}

/** A page of a list that has no other. */
export function all<T>(...items: T[]): { items: T[]; next: null } {
  return { items, next: null };
}

export function sessionOf(role: Role): Session {
  const org = role === "operator" ? null : "default";
  return { role, key: { id: "key_own", name: `own ${role}` }, org, expires_at: null };
}

/** Shows something with what every page has around it. */
export function show(shown: ReactNode, queries = createQueries()): QueryClient {
  render(
    <QueryClientProvider client={queries}>
      <ToastProvider>
        {shown}
        <Toasts />
      </ToastProvider>
    </QueryClientProvider>,
    // As the app is while it is developed: effects run twice.
    { reactStrictMode: true },
  );
  return queries;
}

/** Shows something to somebody who is signed in and looks at the organisation `default`. */
export function showTo(role: Role, shown: ReactNode, other: Partial<SignedIn> = {}): QueryClient {
  if (role === "operator") actIn("default");
  const as = { session: sessionOf(role), org: "default", chooseOrg: () => undefined, ...other };
  return show(
    <SignedInAs as={as}>
      <LiveProvider org="default">{shown}</LiveProvider>
    </SignedInAs>,
  );
}

/** Everything that the caches hold, as one text. */
export function heldIn(queries: QueryClient): string {
  const held = [queries.getQueryCache(), queries.getMutationCache()].map((cache) =>
    cache.getAll().map(({ state, options }) => ({ state, key: options })),
  );
  return JSON.stringify(held);
}

export function press(name: string | RegExp): void {
  fireEvent.click(screen.getByRole("button", { name }));
}

export function type(label: string | RegExp, value: string): void {
  fireEvent.change(screen.getByLabelText(label), { target: { value } });
}

/** Chooses from the menu of a row. */
export async function choose(menu: string | RegExp, action: string): Promise<void> {
  press(menu);
  fireEvent.click(await screen.findByRole("menuitem", { name: action }));
}
