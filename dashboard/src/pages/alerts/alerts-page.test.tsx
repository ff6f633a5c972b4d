import { screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Alert, PastAlert } from "../../api/named";
import { all, choose, press, serve, showTo, type } from "../../app.fixture";
import { OpenAlerts } from "../../shell/open-alerts";
import { ruleText } from "../shared/alerts";
import { draftErrors, draftOf, NEW_ALERT, putOf } from "./alert-draft";
import { AlertsPage } from "./alerts-page";

const OF_ALL = { agent: null, type: null, gate: null, webhook: null };
const BUSY: Alert = {
  ...OF_ALL,
  id: "busy",
  when: "utilization",
  above: 85,
  for_s: 300,
  figure: 92.44,
  open: { opened_at: "2026-11-24T14:06:00Z", figure: 92.44 },
};
const SLOW: Alert = {
  ...OF_ALL,
  id: "slow",
  when: "oldest_wait",
  agent: "support",
  above: 90,
  for_s: 0,
  figure: 4,
  open: null,
};
const HOOK: Alert = {
  ...OF_ALL,
  id: "webhook:wh_1",
  when: "webhook_disabled",
  webhook: "wh_1",
  above: 0,
  for_s: 0,
  figure: 1,
  open: { opened_at: "2026-11-24T14:06:00Z", figure: 1 },
};
const PAST: PastAlert = {
  ...OF_ALL,
  id: "busy",
  when: "utilization",
  above: 85,
  for_s: 0,
  opened_at: "2026-11-24T14:01:00Z",
  figure: 88,
  closed_at: "2026-11-24T14:03:00Z",
  closed_figure: 70,
  why: "recovered",
};
const LIST = {
  "GET /v1/alerts": () => all(BUSY, SLOW),
  "GET /v1/alerts/history": () => all(PAST),
};

it("a rule is said in words, and survives being edited", () => {
  expect(ruleText(BUSY)).toBe("Slots in use above 85 % for 5 min 00 s");
  expect(ruleText(SLOW)).toBe("Longest wait, agent support above 1 min 30 s");
  expect(ruleText(HOOK)).toBe("Webhook disabled, wh_1");
  expect(putOf(draftOf(SLOW))).toEqual({
    when: "oldest_wait",
    agent: "support",
    above: 90,
    for_s: 0,
  });
  const ofType: Alert = { ...SLOW, when: "queued", agent: null, type: "chat", above: 1 };
  expect(putOf(draftOf(ofType))).toEqual({ when: "queued", type: "chat", above: 1, for_s: 0 });
});

it("what the server would not take is said by field", () => {
  const wrong = { ...NEW_ALERT, of: "agent", above: "many", forS: "-1" } as const;
  expect(Object.keys(draftErrors(wrong)).sort()).toEqual(["above", "forS", "id", "ofId"]);
  const full = { ...NEW_ALERT, id: "a", when: "reservation_full" } as const;
  expect(draftErrors({ ...full, of: "gate", ofId: "g" }).of).toBeTruthy();
  expect(draftErrors({ ...full, above: "100" }).above).toBeTruthy();
  expect(draftErrors({ ...NEW_ALERT, id: "webhook:a" }).id).toBeTruthy();
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

it("rules are listed with what closed", async () => {
  serve(LIST);
  showTo("admin", <AlertsPage />);
  const past = within(await screen.findByRole("table", { name: "Alerts that closed" }));
  const rows = past.getAllByRole("row").slice(1);
  expect(rows.map((row) => row.lastElementChild?.textContent)).toEqual(["recovered"]);
  expect(screen.getByText("2 min 00 s")).toBeTruthy();
  expect(screen.getByText("quiet")).toBeTruthy();
});

it("what no rule is for is shown, and cannot be changed", async () => {
  serve({ ...LIST, "GET /v1/alerts": () => all(SLOW, HOOK) });
  showTo("admin", <AlertsPage />);
  expect(await screen.findByText("webhook:wh_1")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Actions for webhook:wh_1" })).toBeNull();
  expect(screen.getByRole("button", { name: "Actions for slow" })).toBeTruthy();
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
