import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { AuditEntry } from "../../api/named";
import { all, press, refusal, serve, showTo } from "../../app.fixture";
import { AuditPage } from "./audit-page";
import { differences, summary } from "./audit-words";

const none = { webcall: 0, chat: 0, outbound: 0, inbound: 0 };
const RESERVED: AuditEntry = {
  org: "default",
  seq: 7,
  at: "2026-11-24T14:03:21Z",
  actor: { kind: "session", id: "key_1", name: "Ada" },
  action: "reservations.changed",
  object: null,
  before: { of: "reservations", version: 3, reservations: [{ agent: "support", ...none }] },
  after: { of: "reservations", version: 4, reservations: [{ agent: "support", ...none, chat: 6 }] },
  version: 4,
  event: 12,
};
const CAPPED: AuditEntry = {
  ...RESERVED,
  seq: 6,
  actor: { kind: "key", id: "key_2", name: "billing" },
  action: "agent.changed",
  object: "sales",
  before: { of: "agent", name: "Sales", cap: null, pace: null },
  after: { of: "agent", name: "Sales", cap: 8, pace: null },
  version: null,
};
const LIST = { "GET /v1/audit": () => all(RESERVED, CAPPED) };

it("only what differs is told, before and after", () => {
  expect(differences(CAPPED)).toEqual([{ name: "cap", before: "none", after: "8" }]);
  expect(summary(RESERVED)).toBe("support: nothing → 6 (chat 6)");
  expect(summary({ ...CAPPED, after: null })).toBe(
    "name: Sales → –; cap: none → –; pace: none → –",
  );
});

it("changes are listed with who made them, and found by what was done and by whom", async () => {
  const asked = serve(LIST);
  showTo("admin", <AuditPage />);
  expect(await screen.findByText("Ada in a browser")).toBeTruthy();
  expect(screen.getByText("2 changes")).toBeTruthy();
  fireEvent.change(screen.getByLabelText("What was done"), { target: { value: "agent.changed" } });
  fireEvent.click(await screen.findByRole("link", { name: "billing" }));
  await screen.findByRole("button", { name: /Only by key_2/ });
  await waitFor(() =>
    expect(asked.at(-1)?.line).toBe("GET /v1/audit?limit=100&action=agent.changed&actor=key_2"),
  );
});

it("a change of reservations is put back once asked, and why it cannot be is said", async () => {
  let isRefused = true;
  const asked = serve({
    ...LIST,
    "POST /v1/audit/7/revert": () =>
      isRefused ? refusal(409, "reservations_exceed_limit", "only 2 slots are left") : {},
  });
  window.history.replaceState(null, "", "/audit?change=7");
  showTo("admin", <AuditPage />);
  await screen.findByRole("dialog", { name: "Changed reservations" });
  press("Put back");
  const question = within(screen.getByRole("alertdialog"));
  expect(question.getByText("support: nothing")).toBeTruthy();
  expect(asked.some(({ line }) => line.startsWith("POST"))).toBe(false);
  fireEvent.click(question.getByRole("button", { name: "Put back" }));
  expect(await question.findByText(/Only 2 slots are left/)).toBeTruthy();
  isRefused = false;
  fireEvent.click(question.getByRole("button", { name: "Put back" }));
  expect(await screen.findByText("The reservations were put back.")).toBeTruthy();
});

it("another change cannot be put back here", async () => {
  serve(LIST);
  window.history.replaceState(null, "", "/audit?change=6");
  showTo("admin", <AuditPage />);
  await screen.findByRole("dialog", { name: "Changed an agent" });
  expect(screen.queryByRole("button", { name: "Put back" })).toBeNull();
});

it("an engine is told whom to ask, and asks the server nothing", () => {
  const asked = serve(LIST);
  showTo("engine", <AuditPage />);
  expect(screen.getByText(/Ask an admin/)).toBeTruthy();
  expect(asked).toEqual([]);
});
