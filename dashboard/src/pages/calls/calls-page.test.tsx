import { cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { all, choose, press, refusal, serve, showTo, type } from "../../app.fixture";
import { CallsPage } from "./calls-page";
import { activeCall, agentOf, ago, callOf, endedCall, liveOf, setLive } from "./live.fixture";

vi.mock("../../live/live-provider", () => import("./live.fixture"));

const AGENTS = [agentOf("support", { name: "Support" }), agentOf("sales", { name: "Sales" })];
const QUEUED = callOf("q1", { blocked_on: "shared_full" });
const ACTIVE = activeCall("a1", { agent: "sales", type: "chat" });
const LIVE = liveOf([QUEUED, ACTIVE], AGENTS);

function at(address: string): void {
  window.history.replaceState(null, "", address);
}

function rows(): string[] {
  return screen
    .queryAllByRole("row")
    .slice(1)
    .map((row) => within(row).getAllByRole("link")[0]?.textContent ?? "");
}

beforeEach(() => setLive(LIVE));

describe("live calls", () => {
  it("are shown with why they wait, queued ones first", () => {
    serve({});
    at("/calls?state=live");
    showTo("viewer", <CallsPage />);
    expect(rows()).toEqual(["q1", "a1"]);
    expect(screen.getAllByRole("row")[1]?.textContent).toContain("shared pool full");
  });

  it("are those that the address asks for", () => {
    serve({});
    at("/calls?state=active&agent=sales&type=chat");
    showTo("viewer", <CallsPage />);
    expect(rows()).toEqual(["a1"]);
    expect(screen.getByLabelText<HTMLSelectElement>("Agent").value).toBe("sales");
    expect(screen.getByRole("link", { current: "page" }).textContent).toMatch(/^Active/);
  });

  it("become fewer by a filter, which the address keeps", () => {
    serve({});
    at("/calls?state=queued");
    showTo("viewer", <CallsPage />);
    type("Agent", "sales");
    expect(window.location.search).toBe("?state=queued&agent=sales");
    expect(screen.getByText("No calls match the filters")).toBeTruthy();
    press("Clear filters");
    expect(window.location.search).toBe("?state=queued");
    expect(rows()).toEqual(["q1"]);
  });

  it("are sorted by a column's head", () => {
    serve({});
    at("/calls");
    showTo("viewer", <CallsPage />);
    press(/^Duration/);
    expect(rows()).toEqual(["a1", "q1"]);
    const head = screen.getByRole("columnheader", { name: /^Duration/ });
    expect(head.getAttribute("aria-sort")).toBe("descending");
  });

  it("that are too many say so, and are read from the server for one agent", async () => {
    const pool = { ...LIVE.pool, queued: 30_000 };
    setLive({ ...LIVE, pool, isComplete: false });
    const asked = serve({
      "GET /v1/calls": () => all(callOf("far", { agent: "sales", position: 29_000 })),
    });
    at("/calls?state=queued");
    showTo("viewer", <CallsPage />);
    expect(screen.getByText(/Only the first 2 of 30,001 live calls/)).toBeTruthy();
    type("Agent", "sales");
    await screen.findByText("29,000");
    expect(asked[0]?.line).toBe("GET /v1/calls?state=queued&agent=sales&limit=100");
  });

  it("that there are none of teach how one is started", () => {
    setLive(liveOf([], AGENTS));
    serve({});
    at("/calls?state=live");
    showTo("operator", <CallsPage />);
    const sample = screen.getByLabelText("command").textContent;
    expect(sample).toContain("/v1/calls' \\");
    expect(sample).toContain("'callslot-org: default'");
    expect(sample).toContain('{"agent":"support","type":"webcall"}');
  });
});

describe("ending a call", () => {
  it("asks once, says what it means, and sends the note", async () => {
    const canceled = { ...QUEUED, state: "ended", reason: "canceled", ended_at: ago(0) };
    const asked = serve({ "POST /v1/calls/q1/end": () => canceled });
    at("/calls?state=live");
    showTo("engine", <CallsPage />);
    press("End call q1");
    const dialog = screen.getByRole("alertdialog");
    expect(dialog.textContent).toContain("It is queued at position 1.");
    expect(asked).toEqual([]);
    fireEvent.change(within(dialog).getByLabelText("Note (optional)"), {
      target: { value: " wrong number " },
    });
    fireEvent.click(within(dialog).getByRole("button", { name: "End call" }));
    await screen.findByText("Call q1 has ended: canceled while queued.");
    expect(asked).toMatchObject([
      { line: "POST /v1/calls/q1/end", body: { note: "wrong number" } },
    ]);
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it("of an active call says that the engine hangs up", () => {
    serve({});
    at("/calls");
    showTo("engine", <CallsPage />);
    press("End call a1");
    expect(screen.getByRole("alertdialog").textContent).toContain(
      "the caller is cut off only if the engine hangs up",
    );
  });

  it("follows the call while it asks", () => {
    serve({});
    at("/calls");
    showTo("engine", <CallsPage />);
    press("End call q1");
    setLive(liveOf([activeCall("q1"), ACTIVE], AGENTS));
    expect(screen.getByRole("alertdialog").textContent).toContain("It is active.");
  });

  it("that was listed beyond those that are kept says what it means all the same", async () => {
    setLive({ ...LIVE, isComplete: false });
    const far = callOf("far", { agent: "sales", position: 29_000 });
    serve({ "GET /v1/calls": () => all(far) });
    at("/calls?state=queued&agent=sales");
    showTo("engine", <CallsPage />);
    fireEvent.click(await screen.findByRole("button", { name: "End call far" }));
    expect(screen.getByRole("alertdialog").textContent).toContain(
      "It is queued at position 29,000.",
    );
  });

  it("that the server refuses shows its words", async () => {
    serve({
      "POST /v1/calls/q1/end": () => refusal(503, "store_failed", "the store cannot write"),
    });
    at("/calls");
    showTo("engine", <CallsPage />);
    press("End call q1");
    const dialog = screen.getByRole("alertdialog");
    fireEvent.click(within(dialog).getByRole("button", { name: "End call" }));
    const alert = await within(dialog).findByRole("alert");
    expect(alert.textContent).toBe("The store cannot writerequest req-1");
  });

  it("is not for viewers, who are told why", () => {
    const asked = serve({});
    at("/calls");
    showTo("viewer", <CallsPage />);
    const end = screen.getByRole("button", { name: "End call q1" });
    expect(end.getAttribute("aria-disabled")).toBe("true");
    expect(end.getAttribute("aria-description")).toBe(
      "This requires the role engine; your key has the role viewer.",
    );
    press("End call q1");
    expect(screen.queryByRole("alertdialog")).toBeNull();
    expect(asked).toEqual([]);
  });
});

describe("ended calls", () => {
  it("are asked for as the address says, page by page", async () => {
    const asked = serve({
      "GET /v1/calls": ({ line }) =>
        line.includes("cursor=0b")
          ? all(endedCall("e2"))
          : { items: [endedCall("e1", { reason: "max_wait" })], next: "0b" },
    });
    at("/calls?state=ended&reason=max_wait&wait_s=30&last=1h&agent=support");
    showTo("viewer", <CallsPage />);
    await screen.findByText("e1");
    fireEvent.click(await screen.findByRole("button", { name: "Show more" }));
    await screen.findByText("e2");
    expect(rows()).toEqual(["e1", "e2"]);
    const filters =
      "state=ended&agent=support&reason=max_wait&least_wait_ms=30000&ended_from=2026-11-24T11%3A00%3A00.000Z&limit=100";
    expect([...new Set(asked.map(({ line }) => line))]).toEqual([
      `GET /v1/calls?${filters}`,
      `GET /v1/calls?${filters}&cursor=0b`,
    ]);
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("name no time of reading while others are still read", async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    serve({
      "GET /v1/calls": async ({ line }) => {
        if (!line.includes("type=chat")) return all(endedCall("e1"));
        await held;
        return all(endedCall("e2"));
      },
    });
    at("/calls?state=ended");
    showTo("viewer", <CallsPage />);
    await screen.findByText(/^1 ended in all, as of/);
    type("Type", "chat");
    expect(rows()).toEqual(["e1"]);
    expect(screen.queryByText(/as of/)).toBeNull();
    release();
    await screen.findByText("e2");
    expect(screen.getByText(/^1 ended in all, as of/)).toBeTruthy();
  });

  it("are of a span that is typed in, and asked for no earlier than it is a time", () => {
    serve({ "GET /v1/calls": () => all() });
    at("/calls?state=ended&from=2026-11-24T00:00:00.000Z");
    showTo("viewer", <CallsPage />);
    const address = window.location.search;
    for (const text of ["0002-11-24T10:00", "0202-11-24T10:00", ""]) {
      type("From", text);
      expect(screen.getByLabelText<HTMLInputElement>("From").value).toBe(text);
      expect(window.location.search).toBe(address);
    }
    type("From", "2025-11-24T10:00");
    const from = new Date(2025, 10, 24, 10).toISOString();
    expect(new URLSearchParams(window.location.search).get("from")).toBe(from);
    type("From", "");
    fireEvent.blur(screen.getByLabelText("From"));
    expect(window.location.search).toBe("?state=ended");
  });

  it("that cannot be read show the server's words and a way on", async () => {
    let isBroken = true;
    serve({
      "GET /v1/calls": () =>
        isBroken ? refusal(422, "invalid_field", "`agent` is wrong") : all(endedCall("e1")),
    });
    at("/calls?state=ended");
    showTo("viewer", <CallsPage />);
    await screen.findByText(/`agent` is wrong/);
    isBroken = false;
    press("Try again");
    await screen.findByText("e1");
  });

  it("are downloaded with the same filters, all pages in one file", async () => {
    const csv = (row: string, link?: string) =>
      new Response(`id,agent\r\n${row}\r\n`, {
        headers: { "content-type": "text/csv", ...(link && { link }) },
      });
    const asked = serve({
      "GET /v1/calls": ({ line }) => {
        if (line.includes("cursor=0c")) return csv("2,b");
        if (!line.includes("limit=1000")) return all(endedCall("e1"));
        return csv("1,a", '</v1/calls?state=ended&limit=1000&cursor=0c>; rel="next"');
      },
    });
    const files: Blob[] = [];
    vi.spyOn(URL, "revokeObjectURL").mockImplementation(() => undefined);
    vi.spyOn(URL, "createObjectURL").mockImplementation((file) => {
      files.push(file as Blob);
      return "#file";
    });
    at("/calls?state=ended");
    showTo("operator", <CallsPage />);
    press("Download CSV");
    await waitFor(() => expect(files).toHaveLength(1));
    expect(await files[0]?.text()).toBe("id,agent\r\n1,a\r\n2,b\r\n");
    expect(asked.filter(({ org }) => org !== "default")).toEqual([]);
  });
});

describe("a call's panel", () => {
  it("opens from the address, for a call that is live", async () => {
    serve({ "GET /v1/calls/q1": () => ({ ...QUEUED, position: 1, estimated_wait_ms: 40_000 }) });
    at("/calls?call=q1");
    showTo("engine", <CallsPage />);
    const panel = screen.getByRole("dialog");
    expect(panel.textContent).toContain("Position 1 in the queue");
    await within(panel).findByText("Estimated to start in about 40 s.");
    fireEvent.click(within(panel).getByRole("button", { name: "Close" }));
    expect(window.location.search).toBe("");
  });

  it("follows the call from the queue to its end", async () => {
    let read: unknown = { ...QUEUED, estimated_wait_ms: 40_000 };
    serve({ "GET /v1/calls/q1": () => read });
    at("/calls?call=q1");
    showTo("viewer", <CallsPage />);
    const panel = screen.getByRole("dialog");
    await within(panel).findByText("Estimated to start in about 40 s.");
    read = activeCall("q1");
    setLive(liveOf([activeCall("q1")], AGENTS));
    expect(panel.textContent).toContain("Started on a shared slot");
    read = endedCall("q1", { note: "bye" });
    setLive(liveOf([], AGENTS));
    await within(panel).findByText("Ended: completed");
    expect(panel.textContent).toContain("bye");
  });

  it("opens for a call that has ended, with its metadata as texts only", async () => {
    const hostile = "<img src=x onerror=alert(1)>";
    const metadata = { [hostile]: hostile, nested: { script: "<script>alert(2)</script>" } };
    serve({ "GET /v1/calls/e1": () => ({ ...endedCall("e1", { note: hostile }), metadata }) });
    at("/calls?state=queued&call=e1");
    showTo("viewer", <CallsPage />);
    const panel = screen.getByRole("dialog");
    expect(await within(panel).findAllByText(hostile)).toHaveLength(3);
    expect(panel.querySelector("img, script")).toBeNull();
    expect(panel.textContent).toContain("<script>alert(2)</script>");
  });

  it("says how long ended calls are kept when there is none", async () => {
    serve({
      "GET /v1/calls/gone": () => refusal(404, "unknown_call", "no call has the id gone"),
    });
    at("/calls?call=gone");
    showTo("viewer", <CallsPage />);
    await screen.findByText(/No call has the id gone/);
    expect(screen.getByRole("dialog").textContent).toContain("kept for 30 days");
  });

  it("says why the call waits, who holds the slots now, and the call as JSON", async () => {
    const agents = [agentOf("support", { name: "Support" }), agentOf("sales", { active: 3 })];
    setLive(liveOf([QUEUED, ACTIVE], agents));
    serve({ "GET /v1/calls/q1": () => ({ ...QUEUED, position: 1 }) });
    at("/calls?call=q1");
    showTo("viewer", <CallsPage />);
    const panel = screen.getByRole("dialog");
    const why = within(panel).getByRole("region", { name: "Why it waits" });
    expect(why.textContent).toContain("All 20 shared slots are busy.");
    const holders = within(panel).getByRole("region", { name: "Who holds the slots now" });
    expect(within(holders).getByRole("link", { name: "sales" }).getAttribute("href")).toBe(
      "/calls?state=active&agent=sales",
    );
    expect(within(holders).getAllByRole("listitem")).toHaveLength(1);
    await waitFor(() => expect(panel.textContent).toContain('"position": 1'));
    expect(within(panel).getByRole("button", { name: "Copy the JSON of the call" })).toBeTruthy();
    const link = within(panel).getByRole("link", { name: "Link to this call" });
    expect(link.getAttribute("href")).toBe("/calls?call=q1");
  });

  it("says of a wait that is over who held the slots in the minute of its start", async () => {
    const waited = endedCall("e1", { requested_at: ago(70) });
    const point = { at: "2026-11-24T11:59:00.000Z", span_ms: 60_000 };
    const asked = serve({
      "GET /v1/calls/e1": () => waited,
      "GET /v1/history": () => ({
        series: [
          { agent: "support", points: [{ ...point, peak_active: 2 }] },
          { agent: "sales", points: [{ ...point, peak_active: 5 }] },
          { agent: "idle", points: [{ ...point, peak_active: 0 }] },
        ],
      }),
    });
    at("/calls?call=e1");
    showTo("viewer", <CallsPage />);
    const panel = screen.getByRole("dialog");
    const holders = await within(panel).findByRole("region", {
      name: "Who held the slots when it started",
    });
    const listed = within(holders).getAllByRole("listitem");
    expect(listed.map(({ textContent }) => textContent)).toEqual(["Sales5", "Support2"]);
    expect(panel.textContent).toContain("It waited 1 min 05 s until a shared slot was free");
    expect(asked.map(({ line }) => line)).toContain(
      "GET /v1/history?from=2026-11-24T11%3A59%3A00.000Z&to=2026-11-24T12%3A00%3A00.000Z&step_s=60&by=agent",
    );
  });

  it("does not ask who held the slots when the call did not wait", async () => {
    const asked = serve({ "GET /v1/calls/e1": () => endedCall("e1", { requested_at: ago(5) }) });
    at("/calls?state=live&call=e1");
    showTo("viewer", <CallsPage />);
    await within(screen.getByRole("dialog")).findByText(/It did not wait/);
    expect(new Set(asked.map(({ line }) => line))).toEqual(new Set(["GET /v1/calls/e1"]));
  });
});

describe("one search", () => {
  it("finds live calls by id and metadata, and ended ones by how their ids begin", async () => {
    const tagged = { ...callOf("q7"), metadata: { campaign: "E-spring" } as never };
    setLive(liveOf([QUEUED, tagged, ACTIVE], AGENTS));
    const asked = serve({
      "GET /v1/calls": ({ line }) =>
        line.includes("id_prefix=e-spr") ? all(endedCall("e-spr1")) : all(endedCall("e1")),
    });
    at("/calls?type=inbound");
    showTo("viewer", <CallsPage />);
    await screen.findByText("e1");
    expect(rows()).toEqual(["q1", "q7", "e1"]);
    type("Search by id or metadata", " e-spr ");
    await screen.findByText("e-spr1");
    expect(rows()).toEqual(["q7", "e-spr1"]);
    expect(window.location.search).toBe("?q=e-spr&type=inbound");
    expect(screen.getByText(/ended ones by how their ids begin/)).toBeTruthy();
    expect(asked.at(-1)?.line).toBe(
      "GET /v1/calls?state=ended&type=inbound&id_prefix=e-spr&limit=100",
    );
  });

  it("asks the server for no ended call that no id can begin like", async () => {
    const tagged = { ...callOf("q7"), metadata: { campaign: "spring sale" } as never };
    setLive(liveOf([tagged, ACTIVE], AGENTS));
    const asked = serve({});
    at("/calls?q=spring%20sale");
    showTo("viewer", <CallsPage />);
    expect(rows()).toEqual(["q7"]);
    expect(screen.getByText("Live calls are searched by id and metadata.")).toBeTruthy();
    expect(asked).toEqual([]);
  });

  it("that finds nothing leads to the call of that whole id", async () => {
    serve({ "GET /v1/calls": () => all(), "GET /v1/calls/gone-1": () => endedCall("gone-1") });
    at("/calls?q=gone-1");
    showTo("viewer", <CallsPage />);
    fireEvent.click(await screen.findByRole("link", { name: "look for the call gone-1" }));
    await within(screen.getByRole("dialog")).findByText("Ended: completed");
  });

  it("shows live calls before the ended ones are read, and says what went wrong with those", async () => {
    serve({ "GET /v1/calls": () => refusal(422, "invalid_field", "the store cannot read") });
    at("/calls");
    showTo("viewer", <CallsPage />);
    expect(rows()).toEqual(["q1", "a1"]);
    await screen.findByText(/The store cannot read/);
    expect(rows()).toEqual(["q1", "a1"]);
  });

  it("leaves out live calls where an end is asked for", async () => {
    serve({ "GET /v1/calls": () => all(endedCall("e1", { reason: "max_wait" })) });
    at("/calls?reason=max_wait");
    showTo("viewer", <CallsPage />);
    await screen.findByText("e1");
    expect(rows()).toEqual(["e1"]);
  });
});

describe("ending many calls", () => {
  const many = [callOf("q1"), callOf("q2"), callOf("q3"), ACTIVE];
  const box = (id: string) => screen.getByRole("checkbox", { name: `Select call ${id}` });
  const pick = () => {
    fireEvent.click(box("q1"));
    fireEvent.click(box("q3"), { shiftKey: true });
  };

  it("ends those that are selected, a range with Shift, once it is confirmed", async () => {
    setLive(liveOf(many, AGENTS));
    const asked = serve({ "POST /v1/calls/end": () => ({ ended: 3 }) });
    at("/calls?state=live");
    showTo("engine", <CallsPage />);
    pick();
    expect(screen.getByText("3 selected")).toBeTruthy();
    press("End selected");
    const dialog = screen.getByRole("alertdialog");
    expect(dialog.textContent).toContain("3 queued calls will leave the queue");
    expect(asked).toEqual([]);
    fireEvent.change(within(dialog).getByLabelText("Note (optional)"), {
      target: { value: "stop" },
    });
    fireEvent.click(within(dialog).getByRole("button", { name: "End 3 queued calls" }));
    await screen.findByText("3 calls ended.");
    expect(asked).toMatchObject([
      { line: "POST /v1/calls/end", body: { ids: ["q1", "q2", "q3"], note: "stop" } },
    ]);
    expect(screen.getByText("No call selected")).toBeTruthy();
  });

  it("is about no call that has ended meanwhile", () => {
    setLive(liveOf(many, AGENTS));
    serve({});
    at("/calls?state=live");
    showTo("engine", <CallsPage />);
    pick();
    setLive(liveOf([callOf("q1"), ACTIVE], AGENTS));
    expect(screen.getByText("1 selected")).toBeTruthy();
    press("End selected");
    expect(screen.getByRole("alertdialog").textContent).toContain("End 1 queued call?");
  });

  it("ends all that match as the server finds them, also those that are not known here", async () => {
    const agents = [agentOf("support", { name: "Support", queued: 40_000, active: 2 })];
    const live = liveOf(many, agents);
    setLive({ ...live, isComplete: false, pool: { ...live.pool, queued: 40_000 } });
    const asked = serve({
      "GET /v1/calls": () => all(...many),
      "POST /v1/calls/end": () => ({ ended: 40_001 }),
    });
    at("/calls?state=queued&agent=support");
    showTo("engine", <CallsPage />);
    fireEvent.click(await screen.findByRole("button", { name: "End all 40,000 queued calls" }));
    const dialog = screen.getByRole("alertdialog");
    expect(dialog.textContent).toContain("End 40,000 queued calls (Support)?");
    fireEvent.click(within(dialog).getByRole("button", { name: "End 40,000 queued calls" }));
    await screen.findByText("40,001 calls ended.");
    expect(asked.find(({ line }) => line.startsWith("POST"))?.body).toEqual({
      agent: "support",
      state: "queued",
    });
  });

  it("needs something to match", () => {
    serve({});
    at("/calls?state=live");
    showTo("engine", <CallsPage />);
    const end = screen.getByRole("button", { name: "End all that match" });
    expect(end.getAttribute("aria-description")).toContain("Choose an agent");
    press("End all that match");
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });

  it("is not for viewers, who are told why", () => {
    setLive(liveOf(many, AGENTS));
    serve({});
    at("/calls?state=queued");
    showTo("viewer", <CallsPage />);
    pick();
    for (const name of ["End selected", "End all 3 queued calls"]) {
      const end = screen.getByRole("button", { name });
      expect(end.getAttribute("aria-description")).toContain("requires the role engine");
      fireEvent.click(end);
    }
    expect(screen.queryByRole("alertdialog")).toBeNull();
  });
});

describe("columns", () => {
  const heads = () =>
    [...document.querySelectorAll("th[scope=col]")].map(({ textContent }) => textContent?.trim());

  it("are chosen from a menu, and kept by the browser", async () => {
    serve({});
    at("/calls?state=queued");
    showTo("viewer", <CallsPage />);
    expect(heads()).toContain("Type");
    press(/^Columns/);
    fireEvent.click(await screen.findByRole("menuitemcheckbox", { name: "Type" }));
    fireEvent.click(screen.getByRole("menuitemcheckbox", { name: "Metadata" }));
    expect(heads()).not.toContain("Type");
    expect(heads()).toContain("Metadata");
    cleanup();
    showTo("viewer", <CallsPage />);
    expect(heads()).not.toContain("Type");
    press(/^Columns/);
    fireEvent.click(await screen.findByRole("menuitem", { name: "Default columns" }));
    expect(heads()).toContain("Type");
  });

  it("of the address come first", () => {
    serve({});
    at("/calls?state=queued&columns=agent.lease");
    showTo("viewer", <CallsPage />);
    expect(heads()).toEqual(["", "Call", "Agent", "Lease", "Actions"]);
  });
});

describe("saved views", () => {
  it("keep filters and columns under a name, and are chosen, and deleted with an Undo", async () => {
    serve({ "GET /v1/calls": () => all() });
    at("/calls?state=queued&agent=sales&columns=agent.why");
    showTo("viewer", <CallsPage />);
    press(/^View/);
    fireEvent.click(await screen.findByRole("menuitem", { name: "Save this view …" }));
    const dialog = await screen.findByRole("dialog", { name: "Save this view" });
    fireEvent.click(within(dialog).getByRole("button", { name: "Save view" }));
    expect(within(dialog).getByText("Type a name.")).toBeTruthy();
    fireEvent.change(within(dialog).getByLabelText("Name"), { target: { value: "Sales queue" } });
    fireEvent.click(within(dialog).getByRole("button", { name: "Save view" }));
    await screen.findByText("The view “Sales queue” is saved in this browser.");
    fireEvent.click(screen.getByRole("link", { name: /^Ended/ }));
    await choose(/^View/, "Sales queue");
    expect(window.location.search).toBe("?state=queued&agent=sales&columns=agent.why");
    await choose(/^View/, "Share or delete views …");
    fireEvent.click(await screen.findByRole("button", { name: "Delete Sales queue" }));
    expect(screen.getByText("No saved views are left.")).toBeTruthy();
    press("Undo");
    expect(await screen.findByRole("button", { name: "Delete Sales queue" })).toBeTruthy();
  });

  it("are of one organisation", async () => {
    localStorage.setItem(
      "callslot.calls.views.other",
      JSON.stringify([{ name: "Theirs", href: "/calls" }]),
    );
    serve({});
    at("/calls?state=live");
    showTo("viewer", <CallsPage />);
    press(/^View/);
    await screen.findByText(/No saved views yet/);
    expect(screen.queryByText("Theirs")).toBeNull();
  });
});

it("hostile ids, names and notes are texts, and nothing else", async () => {
  const id = '"><script>alert(1)</script>';
  const name = "<img src=x onerror=alert(1)>";
  setLive(liveOf([callOf(id, { agent: "h" })], [agentOf("h", { name })]));
  serve({});
  at("/calls");
  showTo("viewer", <CallsPage />);
  expect(rows()).toEqual([id]);
  expect(screen.getByText(name)).toBeTruthy();
  expect(document.querySelector("img, script")).toBeNull();
});
