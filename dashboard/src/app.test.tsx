import "./requests.fixture";

import { act, cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ORG_HEADER } from "./api/client";
import { App } from "./app";
import { all, sessionOf } from "./app.fixture";

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

describe("an operator who chooses another organisation", () => {
  it("asks for that one's pool and nobody else's, and keeps the focus", async () => {
    const orgs = [
      { id: "acme", name: "Acme" },
      { id: "zeta", name: "Zeta" },
    ];
    const poolsOf: (string | null)[] = [];
    vi.stubGlobal("fetch", async (input: string | Request, init?: RequestInit) => {
      const request = input instanceof Request ? input : new Request(input, init);
      const { pathname } = new URL(request.url);
      if (pathname === "/v1/session") return Response.json(sessionOf("operator"));
      if (pathname === "/v1/orgs") return Response.json(all(...orgs));
      if (pathname === "/v1/concurrency") poolsOf.push(request.headers.get(ORG_HEADER));
      return new Promise(() => undefined);
    });
    render(<App />);
    const choice = await screen.findByRole("button", { name: /^Organisation:/ });
    expect(poolsOf).toEqual(["acme"]);
    choice.focus();
    fireEvent.click(choice);
    const zeta = await screen.findByRole("option", { name: /Zeta/ });
    await act(async () => {
      fireEvent.click(zeta);
    });
    await waitFor(() => expect(poolsOf).toHaveLength(2));
    expect(poolsOf).toEqual(["acme", "zeta"]);
    const switcher = screen.getByRole("button", { name: /^Organisation:/ });
    await waitFor(() => expect(document.activeElement).toBe(switcher));
  });
});
