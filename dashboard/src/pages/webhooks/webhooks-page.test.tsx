import { fireEvent, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Delivery, Webhook } from "../../api/named";
import { all, heldIn, press, serve, showTo, type } from "../../app.fixture";
import { bodyFor, draftErrors, draftOf, NEW_WEBHOOK } from "./webhook-draft";
import { WebhooksPage } from "./webhooks-page";

const HOOK: Webhook = {
  id: "wh_1",
  url: "https://example.com/hook",
  events: ["call.started"],
  agents: ["support"],
  types: null,
  gates: null,
  description: null,
  claims: true,
  state: "failing",
  disabled_because: null,
  old_secret_until: null,
  created_at: "2026-11-24T14:00:00Z",
  last_success_at: null,
  last_failure: { at: "2026-11-24T14:03:00Z", status: 503, cause: "the receiver is busy" },
  behind: 12,
  missed: 0,
};
const DELIVERY: Delivery = {
  id: "msg_1",
  event: "call.started",
  seq: 41,
  attempt: 2,
  at: "2026-11-24T14:03:00Z",
  outcome: "failed",
  status: 503,
  duration_ms: 120,
  bytes: 1_240,
  cause: "the receiver is busy",
  next_attempt_at: "2026-11-24T14:08:00Z",
};
const SECRET = "whsec_c2VjcmV0";
const SERVED = {
  "GET /v1/webhooks": () => all(HOOK),
  "GET /v1/webhooks/wh_1/deliveries": () => all(DELIVERY),
};

async function openOne() {
  window.history.replaceState(null, "", "/webhooks?webhook=wh_1");
  const queries = showTo("admin", <WebhooksPage />);
  await screen.findByRole("dialog", { name: HOOK.url });
  return queries;
}

it("a webhook survives being edited, and what is wrong with one is said by field", () => {
  expect(bodyFor(draftOf(HOOK))).toEqual({
    url: HOOK.url,
    events: ["call.started"],
    agents: ["support"],
    types: null,
    gates: null,
    description: null,
    claims: true,
  });
  expect(bodyFor({ ...NEW_WEBHOOK, isAll: true }).events).toEqual(["*"]);
  const wrong = {
    ...NEW_WEBHOOK,
    url: "ftp://a",
    events: [],
    types: [],
    agents: "a/b",
    gates: "g",
  };
  expect(Object.keys(draftErrors(wrong)).sort()).toEqual(["agents", "events", "types", "url"]);
  expect(draftErrors({ ...NEW_WEBHOOK, url: "https://u:p@a/" }).url).toBeTruthy();
});

it("a new webhook's secret is shown this once, and kept nowhere", async () => {
  const asked = serve({
    ...SERVED,
    "POST /v1/webhooks": () => Response.json({ ...HOOK, secret: SECRET }, { status: 201 }),
  });
  const queries = showTo("admin", <WebhooksPage />);
  await screen.findByRole("table", { name: "Webhooks" });
  press("Create webhook");
  type("Address", "https://example.com/hook");
  fireEvent.click(
    within(screen.getByRole("dialog")).getByRole("button", { name: "Create webhook" }),
  );
  expect(await screen.findByDisplayValue(SECRET)).toBeTruthy();
  expect(asked.find(({ line }) => line === "POST /v1/webhooks")?.body).toMatchObject({
    url: "https://example.com/hook",
    events: ["call.started"],
  });
  press("Done");
  expect(await screen.findByText(/receiver cannot check signatures/)).toBeTruthy();
  press("Close without copying");
  expect(screen.queryByDisplayValue(SECRET)).toBeNull();
  expect(heldIn(queries)).not.toContain(SECRET);
});

it("deliveries say what was answered, how long it took, their size, and when they are tried again", async () => {
  serve(SERVED);
  await openOne();
  const item = (await screen.findByText("503 in 0.1 s: the receiver is busy")).closest("li");
  expect(item?.textContent).toContain("attempt 2, 1.2 kB, again at");
  expect(item?.textContent).toContain("call.started #41");
});

it("a test says what the receiver answered", async () => {
  serve({
    ...SERVED,
    "POST /v1/webhooks/wh_1/test": () => ({
      taken: false,
      status: null,
      duration_ms: 15_000,
      cause: "timed out",
      body: "",
    }),
  });
  await openOne();
  press("Send a test");
  expect(
    await screen.findByText(/The test was not taken: no answer in 15 s: timed out/),
  ).toBeTruthy();
});

it("events are delivered again: one, or all after a number", async () => {
  const asked = serve({ ...SERVED, "POST /v1/webhooks/wh_1/redeliver": () => undefined });
  await openOne();
  fireEvent.click(await screen.findByRole("button", { name: "Redeliver call.started 41" }));
  await screen.findByText("call.started 41 is delivered again.");
  press("Redeliver from…");
  type("After the event number", "30");
  press("Redeliver");
  await screen.findByText("Everything after event 30 is delivered again.");
  const bodies = asked.filter(({ line }) => line.endsWith("/redeliver")).map(({ body }) => body);
  expect(bodies).toEqual([{ ids: ["msg_1"] }, { after: 30 }]);
});

it("is rotated and disabled", async () => {
  const asked = serve({
    ...SERVED,
    "POST /v1/webhooks/wh_1/rotate": () => ({ ...HOOK, secret: SECRET }),
    "PATCH /v1/webhooks/wh_1": () => ({ ...HOOK, state: "disabled" }),
  });
  await openOne();
  press("Disable");
  press("Rotate secret");
  fireEvent.click(
    within(screen.getByRole("alertdialog")).getByRole("button", { name: "Rotate secret" }),
  );
  expect(await screen.findByDisplayValue(SECRET)).toBeTruthy();
  expect(asked.find(({ line }) => line.startsWith("PATCH"))?.body).toEqual({ enabled: false });
});
