import { cleanup, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import "../../../requests.fixture";
import type { Pool } from "../../../domain";
import { agentIn, poolOf, renderAs } from "../pool.fixture";
import { ReserveForm } from "./reserve-form";

const POOL = poolOf(20, {
  billing: { name: "Billing", reserved: { chat: 4 } },
  sales: { name: "Sales", reserved: { outbound: 3 } },
  support: { name: "Support", reserved: { inbound: 8 } },
  survey: { name: "Survey", reserved: { chat: 1 } },
});

interface Asked {
  method: string;
  ifMatch: string | null;
  body: unknown;
}

const onTyped = vi.fn();
const asked: Asked[] = [];
let answers: (() => Response)[] = [];

beforeEach(() => {
  onTyped.mockClear();
  asked.length = 0;
  answers = [];
  vi.stubGlobal("fetch", async (request: Request) => {
    // What happens on Save has tests of its own.
    if (request.url.endsWith("/preview")) return new Promise(() => {});
    const text = await request.text();
    asked.push({
      method: request.method,
      ifMatch: request.headers.get("if-match"),
      body: text === "" ? undefined : JSON.parse(text),
    });
    return answers.shift()?.() ?? Response.json(POOL);
  });
});

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function formOf(pool: Pool, onClose: () => void) {
  return (
    <ReserveForm
      pool={pool}
      agent={agentIn(pool, "survey")}
      onTyped={onTyped}
      onCancel={onClose}
      onSaved={onClose}
    />
  );
}

function open(pool = POOL) {
  const onClose = vi.fn();
  const view = renderAs("admin", formOf(pool, onClose));
  return { onClose, become: (next: Pool) => view.rerender(formOf(next, onClose)) };
}

function field(name: string): HTMLInputElement {
  return screen.getByRole("textbox", { name });
}

function type(name: string, value: string) {
  fireEvent.change(field(name), { target: { value } });
  fireEvent.blur(field(name));
}

const save = () => screen.getByRole("button", { name: "Save" });
const whyNot = () => save().getAttribute("aria-description");

function problem(status: number, code: string, detail: string): Response {
  const body = { type: `urn:callslot:problem:${code}`, code, title: code, status, detail };
  return Response.json(body, { status, headers: { "x-request-id": "r-17" } });
}

/** The pool after somebody else saved. */
function changed(surveyChat: number, billingChat = 4): Pool {
  const agents = {
    billing: { name: "Billing", reserved: { chat: billingChat } },
    sales: { name: "Sales", reserved: { outbound: 3 } },
    support: { name: "Support", reserved: { inbound: 8 } },
    survey: { name: "Survey", reserved: { chat: surveyChat } },
  };
  return poolOf(20, agents, { version: 2 });
}

const left = () => screen.getByText(/can still be reserved/).textContent;

test("the form counts along", () => {
  open();
  expect(left()).toBe("4 of 20 slots can still be reserved. Survey gets 1.");
  type("Chat", "3");
  expect(left()).toBe("2 of 20 slots can still be reserved. Survey gets 3.");
  expect(whyNot()).toBeNull();
  expect(onTyped).toHaveBeenLastCalledWith(true);
});

test("what does not fit is said under the number that caused it, and only there", () => {
  const { onClose } = open();
  type("Webcall", "9");
  const reason = "Only 4 slots are left. Support holds 8, Billing 4, Sales 3 and 1 other 1.";
  expect(field("Webcall").getAttribute("aria-invalid")).toBe("true");
  expect(field("Chat").getAttribute("aria-invalid")).toBeNull();
  const said = (field("Webcall").getAttribute("aria-describedby") ?? "").split(" ")[1] ?? "";
  expect(document.getElementById(said)?.textContent).toBe(reason);
  expect(save().getAttribute("aria-disabled")).toBe("true");
  expect(whyNot()).toBe(reason);
  fireEvent.click(save());
  fireEvent.submit(save().closest("form") as HTMLFormElement);
  expect(asked).toEqual([]);
  expect(onClose).not.toHaveBeenCalled();
});

test.each([
  ["-3", "-3 is below zero. Type 0 or more."],
  ["1.5", "1.5 is not a whole number of slots."],
])("%s stays typed and is said to be wrong", (text, wrong) => {
  open();
  type("Chat", text);
  expect(field("Chat").value).toBe(text);
  expect(whyNot()).toBe(wrong);
});

test("the buttons beside a number, and the arrow keys, change it by one and not below zero", () => {
  open();
  fireEvent.click(screen.getByRole("button", { name: "More Inbound" }));
  fireEvent.keyDown(field("Inbound"), { key: "ArrowUp" });
  expect(field("Inbound").value).toBe("2");
  for (let press = 0; press < 3; press += 1)
    fireEvent.keyDown(field("Inbound"), { key: "ArrowDown" });
  expect(field("Inbound").value).toBe("0");
  expect(onTyped).toHaveBeenLastCalledWith(false);
});

test("nothing changed is nothing to save", () => {
  open();
  expect(whyNot()).toBe("Nothing has changed yet.");
});

test("Save puts the draft for the version the form began with, and says so", async () => {
  const { onClose } = open();
  type("Inbound", "2");
  fireEvent.click(save());
  await screen.findByText("3 slots are reserved for Survey. Active calls continue.");
  expect(asked).toEqual([
    {
      method: "PUT",
      ifMatch: '"1"',
      body: { reservations: [{ agent: "survey", webcall: 0, chat: 1, outbound: 0, inbound: 2 }] },
    },
  ]);
  expect(onClose).toHaveBeenCalledOnce();
});

test("a refusal is shown in the server's words, with the request's id", async () => {
  const { onClose } = open();
  answers = [
    () => problem(409, "reservations_exceed_limit", "21 reserved slots do not fit under 20"),
  ];
  type("Chat", "2");
  fireEvent.click(save());
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toBe("21 reserved slots do not fit under 20request r-17");
  expect(onClose).not.toHaveBeenCalled();
});

test("when somebody else saves meanwhile, both versions stand side by side before anything is saved", () => {
  const { become } = open();
  type("Chat", "3");
  become(changed(2));
  const alert = screen.getByRole("alert");
  expect(alert.textContent).toContain("Someone else changed reservations in the meantime.");
  expect(alert.textContent).toContain("They also changed the reservations of Survey.");
  expect(alert.textContent).toContain("Chat23");
  expect(whyNot()).toContain("keep yours or take theirs first");
});

test("Keep mine saves the draft over theirs", async () => {
  const { become } = open();
  type("Chat", "3");
  become(changed(2));
  fireEvent.click(screen.getByRole("button", { name: "Keep mine" }));
  expect(screen.queryByRole("alert")).toBeNull();
  fireEvent.click(save());
  await waitFor(() => expect(asked).toHaveLength(1));
  expect(asked[0]?.ifMatch).toBe('"2"');
  expect(asked[0]?.body).toMatchObject({ reservations: [{ agent: "survey", chat: 3 }] });
});

test("Take theirs begins anew with what they saved", () => {
  const { become } = open();
  type("Chat", "3");
  become(changed(2));
  fireEvent.click(screen.getByRole("button", { name: "Take theirs" }));
  expect(field("Chat").value).toBe("2");
  expect(whyNot()).toBe("Nothing has changed yet.");
});

test("a change of others only says that what is left has changed", () => {
  const { become } = open();
  become(changed(1, 7));
  expect(screen.getByRole("alert").textContent).toContain(
    "The reservations of Survey are unchanged, but the number of slots left may not be.",
  );
  expect(left()).toContain("1 of 20 slots can still be reserved");
});

test("a change that is not heard of yet is read when the server refuses, and shown the same way", async () => {
  open();
  answers = [
    () => problem(412, "version_mismatch", "another version"),
    () => Response.json(changed(5, 2)),
  ];
  type("Chat", "3");
  fireEvent.click(save());
  await waitFor(() => expect(screen.getByRole("alert").textContent).toContain("Chat53"));
  expect(asked.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  fireEvent.click(screen.getByRole("button", { name: "Keep mine" }));
  fireEvent.click(save());
  await waitFor(() => expect(asked).toHaveLength(3));
  expect(asked[2]?.ifMatch).toBe('"2"');
});

test("a save that ends after the form was left closes nothing else", async () => {
  let save: (saved: Response) => void = () => {};
  const answer = new Promise<Response>((resolve) => {
    save = resolve;
  });
  vi.stubGlobal("fetch", () => answer);
  const onLeft = vi.fn();
  const view = renderAs("admin", formOf(POOL, onLeft));
  type("Chat", "2");
  fireEvent.click(screen.getByRole("button", { name: "Save" }));
  await screen.findByRole("button", { name: "Saving…" });
  view.rerender(null);
  save(Response.json(POOL));
  await screen.findByText(/2 slots are reserved for Survey/);
  expect(onLeft).not.toHaveBeenCalled();
});

test("a number that is entered is selected, so that typing takes its place", () => {
  renderAs("admin", formOf(POOL, vi.fn()));
  const inbound = field("Inbound");
  fireEvent.focus(inbound);
  expect([inbound.value, inbound.selectionStart, inbound.selectionEnd]).toEqual(["0", 0, 1]);
});
