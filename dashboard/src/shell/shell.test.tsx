import "../requests.fixture";

import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { all, choose, press, serve, showTo } from "../app.fixture";
import { Shell } from "./shell";

const page = (
  <Shell>
    <h1>A page</h1>
  </Shell>
);

function menuButton(): HTMLElement {
  return screen.getByRole("button", { name: "Menu" });
}

describe("the menu of narrow screens", () => {
  it("closes with Escape, and the button has the focus again", () => {
    serve({});
    showTo("viewer", page);
    press("Menu");
    expect(menuButton().getAttribute("aria-expanded")).toBe("true");
    const link = screen.getByRole("link", { name: "Calls" });
    link.focus();
    fireEvent.keyDown(link, { key: "Escape" });
    expect(menuButton().getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(menuButton());
  });

  it("closes when a page is chosen, and the focus goes to the page", async () => {
    serve({});
    showTo("viewer", page);
    press("Menu");
    const link = screen.getByRole("link", { name: "Calls" });
    link.focus();
    fireEvent.click(link);
    await waitFor(() => expect(window.location.pathname).toBe("/calls"));
    expect(menuButton().getAttribute("aria-expanded")).toBe("false");
    expect(document.activeElement).toBe(screen.getByRole("main"));
  });
});

describe("what a role may not see", () => {
  it("is there, and says why", () => {
    serve({});
    showTo("admin", page);
    const link = screen.getByRole("link", { name: "Plans" });
    expect(link.getAttribute("aria-disabled")).toBe("true");
    expect(link.getAttribute("aria-description")).toContain("requires the role operator");
    expect(link.hasAttribute("href")).toBe(false);
  });
});

describe("the organisation switcher", () => {
  const orgs = [
    { id: "acme", name: "Acme" },
    { id: "default", name: "Default" },
  ];

  it("is a name for those who have one organisation, and asks for no list", () => {
    const asked = serve({});
    showTo("admin", page);
    expect(screen.queryByRole("button", { name: /Organisation/ })).toBeNull();
    expect(asked).toEqual([]);
  });

  it("looks at the organisation that an operator chooses", async () => {
    serve({ "GET /v1/orgs": () => all(...orgs) });
    const chosen: (string | null)[] = [];
    showTo("operator", page, { chooseOrg: (org) => chosen.push(org) });
    press(/^Organisation:/);
    const search = await screen.findByRole("combobox", { name: "Search organisations" });
    await screen.findByRole("option", { name: /Acme/ });
    fireEvent.change(search, { target: { value: "ACM" } });
    expect(screen.getAllByRole("option")).toHaveLength(1);
    fireEvent.keyDown(search, { key: "Enter" });
    expect(chosen).toEqual(["acme"]);
  });

  it("leads to the page with all of them when they are too many for a list", async () => {
    serve({ "GET /v1/orgs": () => ({ items: orgs, next: "more" }) });
    showTo("operator", page);
    press(/^Organisation:/);
    fireEvent.click(await screen.findByRole("option", { name: "More organisations…" }));
    expect(window.location.pathname).toBe("/organisations");
  });
});

describe("the keys of every page", () => {
  it("Ctrl K goes to a page by its name", async () => {
    serve({});
    showTo("viewer", page);
    fireEvent.keyDown(window, { key: "k", ctrlKey: true });
    const search = await screen.findByRole("combobox", { name: /A page, an agent/ });
    fireEvent.change(search, { target: { value: "hist" } });
    fireEvent.keyDown(search, { key: "Enter" });
    expect(window.location.pathname).toBe("/history");
  });

  it("? shows the shortcuts, but not while somebody types", async () => {
    serve({});
    showTo(
      "viewer",
      <Shell>
        <input type="search" aria-label="Search" />
      </Shell>,
    );
    fireEvent.keyDown(screen.getByLabelText("Search"), { key: "?" });
    expect(screen.queryByText("Keyboard shortcuts")).toBeNull();
    fireEvent.keyDown(document.body, { key: "/" });
    expect(document.activeElement).toBe(screen.getByLabelText("Search"));
    fireEvent.keyDown(document.body, { key: "?" });
    await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
  });

  it("the theme is chosen in the menu of the account", async () => {
    serve({});
    showTo("viewer", page);
    press(/^Account:/);
    fireEvent.click(await screen.findByRole("menuitemradio", { name: /Dark/ }));
    expect(document.documentElement.dataset.theme).toBe("dark");
    fireEvent.click(screen.getByRole("menuitemradio", { name: /System/ }));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });
});

describe("signing out", () => {
  it("ends the session of this browser, and drops what was read", async () => {
    const asked = serve({ "DELETE /v1/session": () => undefined });
    const queries = showTo("viewer", page);
    queries.setQueryData(["agents"], "read before");
    await choose(/^Account:/, "Sign out");
    await waitFor(() => expect(queries.getQueryData(["session"])).toBeNull());
    expect(asked.map(({ line }) => line)).toEqual(["DELETE /v1/session?everywhere=false"]);
    expect(queries.getQueryData(["agents"])).toBeUndefined();
  });

  it("everywhere asks once, naming the key", async () => {
    const asked = serve({ "DELETE /v1/session": () => undefined });
    const queries = showTo("viewer", page);
    await choose(/^Account:/, "Sign out everywhere");
    await screen.findByText(/uses the key "own viewer"/);
    expect(asked).toEqual([]);
    press("Sign out everywhere");
    await waitFor(() => expect(queries.getQueryData(["session"])).toBeNull());
    expect(asked.map(({ line }) => line)).toEqual(["DELETE /v1/session?everywhere=true"]);
  });

  it("says when it did not work", async () => {
    serve({ "DELETE /v1/session": () => Promise.reject(new TypeError("failed to fetch")) });
    showTo("viewer", page);
    await choose(/^Account:/, "Sign out");
    await screen.findByText(/The server does not respond/);
  });
});
