import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { all, choose, press, refusal, serve, showTo, type } from "../../app.fixture";
import type { Gate } from "../../domain";
import { activeCall, agentOf, callOf, gateOf, liveOf, setLive } from "../calls/live.fixture";
import { readOf } from "./gates.fixture";
import { GatesPage } from "./gates-page";

vi.mock("../../live/live-provider", () => import("../calls/live.fixture"));

const SPRING = gateOf("spring", { name: "Spring", kind: "campaign", cap: 40 });
const TRUNK = gateOf("trunk", { name: "Trunk", kind: "trunk", paused: true });
const READ = [
  readOf(SPRING, { ended: 60, active: 1, queued: 2, oldest_wait_ms: 41_000, done_in_ms: 120_000 }),
  readOf(TRUNK),
];
const LIST = { "GET /v1/gates": () => all(...READ) };

function look() {
  const gates = ["spring"];
  const calls = [callOf("q1", { gates }), callOf("q2", { gates }), activeCall("a1", { gates })];
  setLive(liveOf(calls, [agentOf("support")], [SPRING, TRUNK]));
}

function cells(): string[] {
  const rows = within(screen.getByRole("table", { name: "Gates" }))
    .getAllByRole("row")
    .slice(1);
  return rows.map((row) =>
    [...row.querySelectorAll("th, td")].map((cell) => cell.textContent).join("|"),
  );
}

function open(role: "admin" | "engine" | "viewer" = "admin") {
  look();
  showTo(role, <GatesPage />);
}

describe("the gates", () => {
  it("are listed with their state, their calls and how far a campaign has come", async () => {
    serve(LIST);
    open();
    await screen.findByText(/60 of 63/);
    expect(cells()).toEqual([
      "Spring|spring|Campaign|Open|1 of 40|2|41 s|60 of 63 (95 %)|in about 2 min|Pause⋯",
      "Trunk|trunk|Trunk|Paused|0|0|–|–|–|Resume⋯",
    ]);
    expect(screen.getByRole("progressbar").getAttribute("aria-valuenow")).toBe("60");
  });

  it("change as events tell, before anything is read", async () => {
    serve({ "GET /v1/gates": () => new Promise(() => undefined) });
    open();
    expect(cells()[0]).toContain("Open|1 of 40|2|");
    setLive(liveOf([callOf("q1", { gates: ["spring"] })], [], [{ ...SPRING, paused: true }]));
    expect(cells()[0]).toContain("Paused|0 of 40|1|");
  });

  it("are found by name and by kind", () => {
    serve(LIST);
    open();
    type("Search gates", "spr");
    expect(screen.getByText("1 gate of 2")).toBeTruthy();
    fireEvent.change(screen.getByLabelText("Kind"), { target: { value: "trunk" } });
    expect(screen.getByText("No gate matches")).toBeTruthy();
  });

  it("that are none are explained", () => {
    serve({ "GET /v1/gates": () => all() });
    setLive(liveOf([]));
    showTo("admin", <GatesPage />);
    expect(screen.getByText("No gates yet")).toBeTruthy();
  });

  it("have a place while they are read", () => {
    serve({});
    setLive(undefined);
    showTo("admin", <GatesPage />);
    expect(screen.getByRole("status").textContent).toBe("Loading gates …");
  });

  it("cannot be changed by an engine, which may cancel their calls", async () => {
    serve(LIST);
    open("engine");
    const pause = screen.getByRole("button", { name: "Pause Spring" });
    expect(pause.getAttribute("aria-disabled")).toBe("true");
    await choose("Actions for Spring", "Cancel waiting calls");
    expect(screen.getByRole("alertdialog").textContent).toContain("2 waiting calls");
  });
});

describe("pausing a gate", () => {
  it("takes one press, keeps its other settings, and can be taken back", async () => {
    let now: Gate = READ[0] as Gate;
    const asked = serve({
      ...LIST,
      "GET /v1/gates/spring": () => now,
      "PUT /v1/gates/spring": ({ body }) => {
        now = { ...now, ...(body as Partial<Gate>) };
        return now;
      },
    });
    open();
    press("Pause Spring");
    await screen.findByText("Spring is paused.");
    const puts = () => asked.filter(({ line }) => line === "PUT /v1/gates/spring");
    expect(puts()[0]?.body).toEqual({
      name: "Spring",
      kind: "campaign",
      cap: 40,
      pace: null,
      hours: null,
      paused: true,
    });
    press("Undo");
    await screen.findByText("Spring is open to calls again.");
    expect(puts()[1]?.body).toMatchObject({ paused: false, cap: 40 });
  });
});

describe("canceling the waiting calls of a gate", () => {
  it("asks with their number, and says how many they were", async () => {
    const asked = serve({ ...LIST, "POST /v1/calls/end": () => ({ ended: 2 }) });
    open();
    await choose("Actions for Spring", "Cancel waiting calls");
    const dialog = screen.getByRole("alertdialog", { name: "Cancel 2 waiting calls of Spring?" });
    expect(asked.some(({ line }) => line.startsWith("POST"))).toBe(false);
    fireEvent.click(within(dialog).getByRole("button", { name: "Cancel 2 waiting calls" }));
    await screen.findByText("2 calls of Spring were canceled.");
    expect(asked.find(({ line }) => line === "POST /v1/calls/end")?.body).toEqual({
      gate: "spring",
      state: "queued",
    });
  });
});

describe("creating a gate", () => {
  it("sends what is typed, hours by day too, once no gate has its id", async () => {
    const asked = serve({
      ...LIST,
      "GET /v1/gates/summer": () => refusal(404, "unknown_gate", "no gate summer"),
      "PUT /v1/gates/summer": () => readOf(gateOf("summer", { name: "Summer" })),
    });
    open();
    press("Create gate");
    const dialog = screen.getByRole("dialog", { name: "Create gate" });
    const within_ = within(dialog);
    const fill = (label: string, value: string) =>
      fireEvent.change(within_.getByLabelText(label), { target: { value } });
    fill("Name", "Summer");
    fill("Pace (optional)", "5");
    fill("Burst", "2");
    fireEvent.click(within_.getByLabelText("Only at certain hours"));
    fill("Time zone", "America/New_York");
    fill("Hours", "Mon-Tue 8-21");
    fill("Tuesday closes", "1080");
    expect(within_.getByLabelText<HTMLInputElement>("Hours").value).toBe(
      "Mon 08:00-21:00; Tue 08:00-18:00",
    );
    fireEvent.click(within_.getByRole("button", { name: "Add a span on Sunday" }));
    fireEvent.click(within_.getByRole("button", { name: "Create gate" }));
    await screen.findByText("Gate Summer was created.");
    expect(asked.find(({ line }) => line === "PUT /v1/gates/summer")?.body).toEqual({
      name: "Summer",
      kind: "campaign",
      cap: null,
      pace: { starts: 5, per_s: 1, burst: 2 },
      paused: false,
      hours: {
        tz: "America/New_York",
        open: [
          { days: ["mon"], from: "08:00", to: "21:00" },
          { days: ["tue"], from: "08:00", to: "18:00" },
          { days: ["sun"], from: "09:00", to: "17:00" },
        ],
      },
    });
  });

  it("never replaces one that is", async () => {
    const asked = serve({ ...LIST, "GET /v1/gates/spring": () => READ[0] });
    open();
    press("Create gate");
    const dialog = within(screen.getByRole("dialog"));
    fireEvent.change(dialog.getByLabelText("Name"), { target: { value: "Spring" } });
    fireEvent.click(dialog.getByRole("button", { name: "Create gate" }));
    await dialog.findByText(/The gate spring already exists/);
    expect(asked.some(({ line }) => line.startsWith("PUT"))).toBe(false);
  });

  it("is not tried with hours that cannot be read: they stay as they were typed", () => {
    serve(LIST);
    open();
    press("Create gate");
    const dialog = within(screen.getByRole("dialog"));
    fireEvent.change(dialog.getByLabelText("Name"), { target: { value: "X" } });
    fireEvent.click(dialog.getByLabelText("Only at certain hours"));
    fireEvent.change(dialog.getByLabelText("Hours"), { target: { value: "Mon 22-2" } });
    fireEvent.click(dialog.getByRole("button", { name: "Create gate" }));
    expect(dialog.getByText(/ends before it begins/)).toBeTruthy();
    expect(dialog.getByLabelText<HTMLInputElement>("Hours").value).toBe("Mon 22-2");
  });
});

describe("a gate of the address", () => {
  it("is open, and is saved with the pause that it has then", async () => {
    window.history.replaceState(null, "", "/gates?gate=trunk");
    const asked = serve({ ...LIST, "PUT /v1/gates/trunk": () => readOf(TRUNK) });
    open();
    const panel = within(screen.getByRole("dialog", { name: "Trunk" }));
    fireEvent.change(panel.getByLabelText("Cap (optional)"), { target: { value: "8" } });
    fireEvent.click(panel.getByRole("button", { name: "Save" }));
    await screen.findByText("Trunk was saved.");
    expect(asked.find(({ line }) => line.startsWith("PUT"))?.body).toMatchObject({
      cap: 8,
      paused: true,
    });
    await waitFor(() => expect(window.location.search).toBe(""));
  });

  it("that is gone is said to be", () => {
    window.history.replaceState(null, "", "/gates?gate=gone");
    serve(LIST);
    open();
    expect(screen.getByText(/There is no gate/).textContent).toContain("gone");
  });
});

it("deleting a gate that is in use says why it cannot be", async () => {
  const detail = "the gate spring has 3 live calls";
  serve({ ...LIST, "DELETE /v1/gates/spring": () => refusal(409, "gate_in_use", detail) });
  open();
  await choose("Actions for Spring", "Delete");
  const dialog = within(screen.getByRole("alertdialog", { name: "Delete gate Spring?" }));
  expect(dialog.getByText(/1 active, 2 waiting/)).toBeTruthy();
  fireEvent.click(dialog.getByRole("button", { name: "Delete gate" }));
  await dialog.findByText(/has 3 live calls/);
  expect(dialog.getByRole("link").getAttribute("href")).toBe("/calls?state=live&gate=spring");
});
