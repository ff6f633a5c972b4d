import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { all, press, refusal, serve, showTo, type } from "../../app.fixture";
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
    at("/calls");
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
    at("/calls");
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
    at("/calls");
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
    await screen.findByText(/^1 call in all, as of/);
    type("Type", "chat");
    expect(rows()).toEqual(["e1"]);
    expect(screen.queryByText(/as of/)).toBeNull();
    release();
    await screen.findByText("e2");
    expect(screen.getByText(/^1 call in all, as of/)).toBeTruthy();
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

  it("is opened by an id that is typed in", async () => {
    serve({ "GET /v1/calls/e1": () => endedCall("e1") });
    at("/calls?state=active");
    showTo("viewer", <CallsPage />);
    type("Open a call by its id", " e1 ");
    fireEvent.submit(screen.getByLabelText("Open a call by its id"));
    expect(window.location.search).toBe("?state=active&call=e1");
    await within(screen.getByRole("dialog")).findByText("Ended: completed");
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
