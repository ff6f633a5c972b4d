import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Alert } from "../../api/to-come";
import { all, choose, press, serve, showTo, type } from "../../app.fixture";
import { OpenAlerts } from "../../shell/open-alerts";
import { ruleText } from "../shared/alerts";
import { draftErrors, draftOf, NEW_ALERT, putOf } from "./alert-draft";
import { AlertsPage } from "./alerts-page";

const span = (minute: number, value: number, closed: number | null) => ({
  opened_at: `2026-11-24T14:0${minute}:00Z`,
  closed_at: closed === null ? null : `2026-11-24T14:0${closed}:00Z`,
  value,
  event: minute,
});
const BUSY: Alert = {
  id: "busy",
  rule: { when: "utilization", above: 85, for_s: 300 },
  open: span(6, 92.44, null),
  past: [span(1, 88, 3)],
};
const SLOW: Alert = {
  id: "slow",
  rule: { when: "oldest_wait", agent: "support", above: 90 },
  open: null,
  past: [],
};
const LIST = { "GET /v1/alerts": () => all(BUSY, SLOW) };

it("a rule is said in words, and survives being edited", () => {
  expect(ruleText(BUSY.rule)).toBe("Slots in use above 85 % for 5 min 00 s");
  expect(ruleText(SLOW.rule)).toBe("Longest wait, agent support above 1 min 30 s");
  expect(putOf(draftOf(SLOW))).toEqual({ ...SLOW.rule, for_s: 0 });
  expect(
    putOf(draftOf({ ...SLOW, rule: { when: "queued", type: "chat", above: 1, for_s: 0 } })),
  ).toEqual({ when: "queued", type: "chat", above: 1, for_s: 0 });
});

it("what the server would not take is said by field", () => {
  const wrong = { ...NEW_ALERT, of: "agent", above: "many", forS: "-1" } as const;
  expect(Object.keys(draftErrors(wrong)).sort()).toEqual(["above", "forS", "id", "ofId"]);
  expect(draftErrors({ ...NEW_ALERT, id: "a", when: "reservation_full" }).of).toBeTruthy();
  expect(draftErrors({ ...NEW_ALERT, id: "a" })).toEqual({});
});

it("open alerts stand above every page for admins, and nothing does while all is well", async () => {
  const asked = serve(LIST);
  showTo("admin", <OpenAlerts />);
  const link = await screen.findByRole("link", { name: "1 open alert" });
  expect(link.parentElement?.textContent).toContain(
    "Slots in use above 85 % for 5 min 00 s: 92.4 % at",
  );
  expect(new Set(asked.map(({ line }) => line))).toEqual(new Set(["GET /v1/alerts?limit=1000"]));
});

it("others are shown none, and ask for none", () => {
  const asked = serve(LIST);
  showTo("viewer", <OpenAlerts />);
  expect(screen.getByRole("status").textContent).toBe("");
  expect(asked).toEqual([]);
});

it("rules are listed with what they found, newest first", async () => {
  serve(LIST);
  showTo("admin", <AlertsPage />);
  const found = within(await screen.findByRole("table", { name: "What alerts found" }));
  const rows = found.getAllByRole("row").slice(1);
  expect(rows.map((row) => row.lastElementChild?.textContent)).toEqual(["open", "2 min 00 s"]);
  expect(screen.getByText("quiet")).toBeTruthy();
});

it("a rule is made as it is typed, unless its id is taken", async () => {
  const asked = serve({ ...LIST, "PUT /v1/alerts/full": () => ({ ...BUSY, id: "full" }) });
  showTo("admin", <AlertsPage />);
  await screen.findByText("quiet");
  press("Create alert");
  const dialog = within(screen.getByRole("dialog"));
  type("Id", "busy");
  dialog.getByRole("button", { name: "Create alert" }).click();
  expect(await screen.findByText("Another alert has this id.")).toBeTruthy();
  type("Id", "full");
  dialog.getByRole("button", { name: "Create alert" }).click();
  expect(await screen.findByText("Alert full was saved.")).toBeTruthy();
  expect(asked.find(({ line }) => line.startsWith("PUT"))?.body).toEqual({
    when: "utilization",
    above: 85,
    for_s: 300,
  });
});

it("a rule is deleted once asked", async () => {
  const asked = serve({ ...LIST, "DELETE /v1/alerts/slow": () => undefined });
  showTo("admin", <AlertsPage />);
  await screen.findByText("quiet");
  await choose("Actions for slow", "Delete");
  expect(asked.some(({ line }) => line.startsWith("DELETE"))).toBe(false);
  press("Delete alert");
  expect(await screen.findByText("Alert slow was deleted.")).toBeTruthy();
});
