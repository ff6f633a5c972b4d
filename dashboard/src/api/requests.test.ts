// @vitest-environment jsdom

import "../requests.fixture";

import type { Middleware } from "openapi-fetch";
import { afterEach, expect, it, vi } from "vitest";
import { actIn, api, bodyOf, ORG_HEADER } from "./client";
import { ProblemError } from "./problem";

const sent: Request[] = [];

function answer(respond: () => Response | Promise<Response>): void {
  sent.length = 0;
  vi.stubGlobal("fetch", async (request: Request) => {
    sent.push(request);
    return respond();
  });
}

afterEach(() => {
  vi.unstubAllGlobals();
  actIn(null);
});

it("a request has its path, its query and its headers, each as it must be written", async () => {
  answer(() => Response.json({ items: [], next: null }));
  await bodyOf(api.GET("/v1/calls", { params: { query: { gate: "a&b", limit: 5 } } }));
  expect(sent[0]?.url).toMatch(/\/v1\/calls\?gate=a%26b&limit=5$/);
  const params = { path: { agent: "a/b" }, header: { "if-match": '"3"' } };
  await bodyOf(api.DELETE("/v1/reservations/{agent}", { params }));
  expect(sent[1]?.url).toMatch(/\/v1\/reservations\/a%2Fb$/);
  expect(sent[1]?.method).toBe("DELETE");
  expect(sent[1]?.headers.get("if-match")).toBe('"3"');
});

it("a body is JSON and says so; without one nothing is said", async () => {
  answer(() => Response.json({ ended: 2 }));
  expect(await bodyOf(api.POST("/v1/calls/end", { body: { gate: "spring" } }))).toEqual({
    ended: 2,
  });
  expect(sent[0]?.headers.get("content-type")).toBe("application/json");
  expect(await sent[0]?.json()).toEqual({ gate: "spring" });
  await bodyOf(api.GET("/v1/session"));
  expect(sent[1]?.headers.has("content-type")).toBe(false);
});

it("an operator's request names the organisation, unless it is about none", async () => {
  actIn("acme");
  answer(() => Response.json({}));
  await bodyOf(api.GET("/v1/session"));
  const none: Middleware = { onRequest: ({ request }) => void request.headers.delete(ORG_HEADER) };
  await bodyOf(api.GET("/v1/session", { middleware: [none] }));
  expect(sent.map(({ headers }) => headers.get(ORG_HEADER))).toEqual(["acme", null]);
});

it("an answer without a body is none, and a refusal that is no JSON is still one", async () => {
  answer(() => new Response(null, { status: 204 }));
  const params = { path: { id: "a" } };
  expect(await bodyOf(api.DELETE("/v1/agents/{id}", { params }))).toBeUndefined();
  answer(() => new Response("<html>", { status: 502 }));
  await expect(bodyOf(api.GET("/v1/session"))).rejects.toMatchObject({ status: 502 });
});

it("a server that does not answer is unreachable, and a request that was given up is not", async () => {
  answer(() => Promise.reject(new TypeError("failed")));
  await expect(bodyOf(api.GET("/v1/session"))).rejects.toBeInstanceOf(ProblemError);
  answer(() => Promise.reject(new DOMException("", "AbortError")));
  await expect(bodyOf(api.GET("/v1/session"))).rejects.toBeInstanceOf(DOMException);
});
