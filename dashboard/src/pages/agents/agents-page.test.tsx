import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { choose, press, refusal, serve, showTo, type } from "../../app.fixture";
import { agentOf, liveOf, setLive } from "../calls/live.fixture";
import { AgentsPage } from "./agents-page";

vi.mock("../../live/live-provider", () => import("../calls/live.fixture"));

const SUPPORT = agentOf("support", {
  name: "Support",
  cap: 15,
  pace: { starts: 5, per_s: 1, burst: 1 },
  reserved: 12,
  active: 3,
  queued: 2,
});
const SALES = agentOf("sales", { name: "Sales" });

const HISTORY = {
  "GET /v1/history": () => ({
    series: [
      {
        agent: "support",
        points: [
          { peak_active: 4, starts: 30 },
          { peak_active: 9, starts: 12 },
        ],
      },
    ],
  }),
};
const NOBODY = () => refusal(404, "unknown_agent", "no agent has this id");

function cells(agent: string): string[] {
  const row = screen.getByText(agent).closest("tr");
  if (row === null) throw new Error(`no row for ${agent}`);
  return [...row.cells].map((cell) => cell.textContent ?? "");
}

function fill(agent: { id?: string; name: string; cap?: string }): void {
  if (agent.id !== undefined) type("Id", agent.id);
  type("Name", agent.name);
  if (agent.cap !== undefined) type("Cap (optional)", agent.cap);
}

/** Presses a button of the open dialog: one behind it may have the same name. */
function confirm(role: "dialog" | "alertdialog", name: string): void {
  fireEvent.click(within(screen.getByRole(role)).getByRole("button", { name }));
}

beforeEach(() => setLive(liveOf([], [SALES, SUPPORT])));

describe("the table of agents", () => {
  it("shows what they may use, use now, and used at most today", async () => {
    const asked = serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    await screen.findByText("9");
    expect(cells("Support").slice(0, 8)).toEqual([
      "Support",
      "support",
      "15",
      "5 a second",
      "12",
      "3",
      "2",
      "9",
    ]);
    expect(cells("Sales").slice(0, 8)).toEqual([
      "Sales",
      "sales",
      "no cap",
      "no pace",
      "0",
      "0",
      "0",
      "0",
    ]);
    const ofToday = asked.filter(({ line }) => line.startsWith("GET /v1/history"));
    expect(ofToday.at(-1)?.line).toMatch(
      /^GET \/v1\/history\?by=agent&from=.*&to=2026-11-24T12%3A00%3A00.000Z&step_s=\d+$/,
    );
  });

  it("shows what they started today, waited for, and borrow", async () => {
    const wait_ms = { max: 9_000, p50: 0, p95: 4_200, p99: 9_000 };
    serve({
      ...HISTORY,
      "GET /v1/concurrency/recent": () => ({ agents: [{ agent: "support", wait_ms }] }),
    });
    const chat = { ...SUPPORT.types.chat, active: 3, shared_in_use: 1 };
    setLive(liveOf([], [SALES, { ...SUPPORT, types: { ...SUPPORT.types, chat } }]));
    showTo("viewer", <AgentsPage />);
    await screen.findByText("4 s");
    expect(cells("Support").slice(8, 11)).toEqual(["42", "4 s", "33 %"]);
    expect(cells("Sales").slice(8, 11)).toEqual(["0", "–", "–"]);
  });

  it("raises a peak by what is seen live, and keeps it", async () => {
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    await screen.findByText("9");
    setLive(liveOf([], [SALES, { ...SUPPORT, active: 14 }]));
    expect(cells("Support")[7]).toBe("14");
    setLive(liveOf([], [SALES, SUPPORT]));
    expect(cells("Support")[7]).toBe("14");
  });

  it("is searched by name and id", () => {
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    type("Search agents", "sal");
    expect(screen.queryByText("Support")).toBeNull();
    type("Search agents", "nobody");
    expect(screen.getByText("No agent matches")).toBeTruthy();
  });

  it("says how many of how many are found", () => {
    const many = Array.from({ length: 1200 }, (_, index) => agentOf(`a${index}`));
    setLive(liveOf([], [SUPPORT, ...many]));
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    type("Search agents", "supp");
    expect(screen.getByText("1 agent of 1,201")).toBeTruthy();
  });

  it("shows hostile names as texts", () => {
    const name = "<img src=x onerror=alert(1)>";
    setLive(liveOf([], [agentOf("h", { name })]));
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    expect(screen.getByText(name)).toBeTruthy();
    expect(document.querySelector("img")).toBeNull();
  });

  it("that is empty teaches what an agent is and how to make one", () => {
    setLive(liveOf([], []));
    serve(HISTORY);
    showTo("admin", <AgentsPage />);
    expect(screen.getByText(/An agent is a bot that handles calls/)).toBeTruthy();
    expect(screen.getByLabelText("command").textContent).toContain("-X PUT");
  });

  it("tells a viewer why nothing can be changed", async () => {
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    const create = screen.getByRole("button", { name: "Create agent" });
    expect(create.getAttribute("aria-disabled")).toBe("true");
    press("Create agent");
    expect(screen.queryByRole("dialog")).toBeNull();
    press("Actions for Sales");
    const item = await screen.findByRole("menuitem", { name: /^Delete/ });
    expect(item.textContent).toContain(
      "This requires the role admin; your key has the role viewer.",
    );
  });
});

describe("creating an agent", () => {
  it("looks first, then creates it", async () => {
    const created = { id: "new", name: "New", cap: 5 };
    const asked = serve({
      ...HISTORY,
      "GET /v1/agents/new": NOBODY,
      "PUT /v1/agents/new": () => Response.json(created, { status: 201 }),
    });
    showTo("admin", <AgentsPage />);
    press("Create agent");
    fill({ id: "new", name: "New", cap: "5" });
    confirm("dialog", "Create agent");
    await screen.findByText("Agent New was created.");
    const lines = asked.filter(({ line }) => line.includes("/v1/agents"));
    expect(lines).toMatchObject([
      { line: "GET /v1/agents/new" },
      { line: "PUT /v1/agents/new", body: { name: "New", cap: 5 } },
    ]);
  });

  it("refuses an id that exists, and changes nothing", async () => {
    const asked = serve({
      ...HISTORY,
      "GET /v1/agents/support": () => ({ id: "support", name: "Support", cap: 15 }),
    });
    showTo("admin", <AgentsPage />);
    press("Create agent");
    fill({ id: "support", name: "Mine" });
    confirm("dialog", "Create agent");
    await screen.findByText(/The agent support already exists, named "Support"/);
    expect(asked.filter(({ line }) => line.startsWith("PUT"))).toEqual([]);
  });

  it("does not go on when it cannot look", async () => {
    const asked = serve({
      ...HISTORY,
      "GET /v1/agents/new": () => refusal(429, "rate_limited", "too many requests; wait a second"),
    });
    showTo("admin", <AgentsPage />);
    press("Create agent");
    fill({ id: "new", name: "New" });
    confirm("dialog", "Create agent");
    await screen.findByText(/Too many requests; wait a second/);
    expect(asked.filter(({ line }) => line.startsWith("PUT"))).toEqual([]);
  });

  it("says what is wrong with each field before it asks", () => {
    const asked = serve(HISTORY);
    showTo("admin", <AgentsPage />);
    press("Create agent");
    fill({ id: "two words", name: " ", cap: "-1" });
    confirm("dialog", "Create agent");
    const dialog = screen.getByRole("dialog");
    for (const error of [/no spaces/, /Enter a name/, /Enter a whole number/]) {
      expect(within(dialog).getByText(error)).toBeTruthy();
    }
    expect(asked.filter(({ line }) => line.includes("/v1/agents"))).toEqual([]);
  });

  it("owns up when somebody else was faster", async () => {
    serve({
      ...HISTORY,
      "GET /v1/agents/new": NOBODY,
      "PUT /v1/agents/new": () => ({ id: "new", name: "New", cap: null }),
    });
    showTo("admin", <AgentsPage />);
    press("Create agent");
    fill({ id: "new", name: "New" });
    confirm("dialog", "Create agent");
    await screen.findByText(/Someone else created new at the same time/);
  });
});

describe("editing an agent", () => {
  it("renames it and clears its cap", async () => {
    const asked = serve({
      ...HISTORY,
      "PUT /v1/agents/support": () => ({ id: "support", name: "Help", cap: null }),
    });
    showTo("admin", <AgentsPage />);
    await choose("Actions for Support", "Edit");
    fill({ name: "Help" });
    confirm("dialog", "No cap");
    confirm("dialog", "Save");
    await screen.findByText("Agent Help was saved.");
    const put = asked.find(({ line }) => line === "PUT /v1/agents/support");
    expect(put?.body).toEqual({
      name: "Help",
      cap: null,
      pace: { starts: 5, per_s: 1, burst: 1 },
    });
    fireEvent.click(screen.getByText("Undo"));
    await screen.findByText("Agent Help is as it was.");
    const pace = { starts: 5, per_s: 1, burst: 1 };
    expect(asked.at(-1)?.body).toEqual({ name: "Support", cap: 15, pace });
  });

  it("with a cap below its reservations shows the server's words", async () => {
    const detail = "the cap of 5 is below the 12 slots reserved; lower the reservations first";
    serve({
      ...HISTORY,
      "PUT /v1/agents/support": () => refusal(409, "cap_below_reservations", detail),
    });
    showTo("admin", <AgentsPage />);
    await choose("Actions for Support", "Edit");
    fill({ name: "Support", cap: "5" });
    confirm("dialog", "Save");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe(`T${detail.slice(1)}request req-1`);
    expect(screen.getByLabelText<HTMLInputElement>("Cap (optional)").value).toBe("5");
  });
});

describe("deleting an agent", () => {
  it("asks once", async () => {
    const asked = serve({ ...HISTORY, "DELETE /v1/agents/sales": () => undefined });
    showTo("admin", <AgentsPage />);
    await choose("Actions for Sales", "Delete");
    expect(asked.filter(({ line }) => line.startsWith("DELETE"))).toEqual([]);
    confirm("alertdialog", "Delete agent");
    await screen.findByText("Agent Sales was deleted.");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it("that is in use says what has to go first, with the way there", async () => {
    const detail = "the agent support has 5 live calls and 12 reserved slots";
    serve({
      ...HISTORY,
      "DELETE /v1/agents/support": () => refusal(409, "agent_in_use", detail),
    });
    showTo("admin", <AgentsPage />);
    await choose("Actions for Support", "Delete");
    confirm("alertdialog", "Delete agent");
    const dialog = screen.getByRole("alertdialog");
    await within(dialog).findByText(/has 5 live calls and 12 reserved slots/);
    const links = within(dialog).getAllByRole("link");
    expect(links.map((link) => link.getAttribute("href"))).toEqual([
      "/concurrency",
      "/calls?agent=support",
    ]);
  });
});

describe("the call types", () => {
  it("get a cap over all agents, which can be taken back", async () => {
    const put = ({ body }: { body: unknown }) => ({ type: "chat", ...(body as object) });
    const asked = serve({ ...HISTORY, "PUT /v1/types/chat": put });
    showTo("admin", <AgentsPage />);
    press("Edit Chat");
    type("Cap (optional)", "many");
    confirm("dialog", "Save");
    expect(screen.getByText(/Enter a whole number/)).toBeTruthy();
    type("Cap (optional)", "5");
    confirm("dialog", "Save");
    await screen.findByText("Chat was saved.");
    press("Undo");
    await screen.findByText("Chat is as it was.");
    const puts = asked.filter(({ line }) => line === "PUT /v1/types/chat");
    expect(puts.map(({ body }) => body)).toEqual([
      { cap: 5, pace: null },
      { cap: null, pace: null },
    ]);
  });

  it("cannot be changed by a viewer", () => {
    serve(HISTORY);
    showTo("viewer", <AgentsPage />);
    const edit = screen.getByRole("button", { name: "Edit Chat" });
    expect(edit.getAttribute("aria-disabled")).toBe("true");
  });
});
