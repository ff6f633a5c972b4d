import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { all, choose, press, refusal, serve, showTo, type } from "../../app.fixture";
import type { Org } from "../../domain";
import { OrganisationsPage } from "./organisations-page";

function orgOf(id: string, over: Partial<Org> = {}): Org {
  return {
    id,
    name: `name of ${id}`,
    plan: "standard",
    limit: 20,
    limit_override: null,
    max_call_duration_s: 14_400,
    max_wait_s: {},
    max_queued: 1_000_000,
    live_calls: 0,
    active: 0,
    queued: 0,
    ...over,
  };
}

const plans = {
  "GET /v1/plans": () =>
    all(
      { id: "standard", name: "Standard", limit: 20 },
      { id: "enterprise", name: "Enterprise", limit: 100 },
    ),
};
const default_ = orgOf("default", {
  limit: 30,
  limit_override: 30,
  live_calls: 29,
  active: 27,
  queued: 2,
});
const two = { ...plans, "GET /v1/orgs": () => all(orgOf("acme"), default_) };

describe("the list of organisations", () => {
  it.each(["viewer", "engine", "admin"] as const)(
    "is not asked for with the role %s, which is told why",
    async (role) => {
      const asked = serve({});
      showTo(role, <OrganisationsPage />);
      await screen.findByText(
        new RegExp(`requires the role operator; your key has the role ${role}`),
      );
      expect(asked).toEqual([]);
    },
  );

  it("marks a limit of their own and the one looked at", async () => {
    serve(two);
    showTo("operator", <OrganisationsPage />);
    const row = (await screen.findByText("name of default")).closest("tr");
    expect(row?.textContent).toContain("override30");
    expect(row?.textContent).toContain("27 / 30 (90 %)");
    expect(row?.textContent).toContain("open");
    screen.getByText("2 organisations");
  });

  it("looks at another one, on its page Concurrency", async () => {
    serve(two);
    const chosen: (string | null)[] = [];
    showTo("operator", <OrganisationsPage />, { chooseOrg: (org) => chosen.push(org) });
    await screen.findByText("name of acme");
    press("Open name of acme");
    expect(chosen).toEqual(["acme"]);
    expect(window.location.pathname).toBe("/concurrency");
  });

  it("is read to its end, page by page, and searched", async () => {
    const asked = serve({
      "GET /v1/orgs": ({ line }) =>
        line.includes("cursor=2")
          ? all(orgOf("zeta"))
          : {
              items: [orgOf(line.includes("cursor=1") ? "beta" : "acme")],
              next: line.includes("cursor=1") ? "2" : "1",
            },
    });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of zeta");
    const hasAskedFor = (cursor: string) => asked.some(({ line }) => line.includes(cursor));
    expect([hasAskedFor("cursor=1"), hasAskedFor("cursor=2")]).toEqual([true, true]);
    type("Search organisations", "zeta");
    await waitFor(() => expect(screen.queryAllByText("name of acme")).toEqual([]));
    type("Search organisations", "nobody");
    await screen.findByText('Nothing found for "nobody"');
  });
});

describe("an organisation", () => {
  it("is changed in what was changed only, with null for the plan's limit", async () => {
    const asked = serve({ ...two, "PATCH /v1/orgs/default": () => orgOf("default") });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of default");
    await choose("Actions for name of default", "Edit");
    await screen.findByLabelText("Own limit (calls)");
    press("Use the plan's");
    type("Inbound", "30");
    press("Save");
    await screen.findByText("name of default is saved.");
    expect(asked.find(({ line }) => line.startsWith("PATCH"))?.body).toEqual({
      limit_override: null,
      max_wait_s: { inbound: 30 },
    });
  });

  it("is not saved unchanged", async () => {
    const asked = serve(two);
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of default");
    await choose("Actions for name of default", "Edit");
    const save = await screen.findByRole("button", { name: "Save" });
    expect(save.getAttribute("aria-disabled")).toBe("true");
    fireEvent.click(save);
    expect(asked.some(({ line }) => line.startsWith("PATCH"))).toBe(false);
  });

  it("shows the server's numbers when a limit is below the reservations", async () => {
    const words = "a limit of 3 is below the 12 slots reserved in default; lower them first";
    serve({
      ...two,
      "PATCH /v1/orgs/default": () => refusal(409, "limit_below_reservations", words),
    });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of default");
    await choose("Actions for name of default", "Edit");
    await screen.findByLabelText("Own limit (calls)");
    type("Own limit (calls)", "3");
    press("Save");
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toContain("3 is below the 12 slots");
    expect(alert.textContent).toContain("request req-1");
  });

  it("is created with what was filled in, and says what is wrong before", async () => {
    const asked = serve({
      ...two,
      "POST /v1/orgs": () => orgOf("new"),
      "POST /v1/keys": () => ({ id: "key_1", name: "first admin", secret: "cs_admin_1" }),
    });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of default");
    press("Create organisation");
    await screen.findByLabelText("Name");
    press("Create");
    await screen.findByText("An organisation has a name.");
    type("Name", "New one");
    fireEvent.change(screen.getByLabelText("Plan"), { target: { value: "enterprise" } });
    press("Create");
    expect((await screen.findByLabelText<HTMLInputElement>("The secret")).value).toBe("cs_admin_1");
    expect(asked.filter(({ line }) => line.startsWith("POST"))).toEqual([
      { line: "POST /v1/orgs", body: { name: "New one", plan: "enterprise" }, org: "default" },
      { line: "POST /v1/keys", body: { name: "first admin", role: "admin" }, org: "new" },
    ]);
  });

  it("that was created without its key is not created again for it", async () => {
    let tries = 0;
    const asked = serve({
      ...two,
      "POST /v1/orgs": () => orgOf("new"),
      "POST /v1/keys": () => {
        tries += 1;
        if (tries === 1) return refusal(503, "overloaded", "too many requests are waiting");
        return { id: "key_1", name: "first admin", secret: "cs_admin_1" };
      },
    });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of default");
    press("Create organisation");
    await screen.findByLabelText("Name");
    type("Name", "New one");
    press("Create");
    await screen.findByText(/Too many requests are waiting/);
    press("Create");
    await screen.findByLabelText("The secret");
    expect(asked.filter(({ line }) => line === "POST /v1/orgs")).toHaveLength(1);
  });

  it("is deleted once its id is typed, and not looked at any more", async () => {
    const asked = serve({ ...two, "DELETE /v1/orgs/default": () => undefined });
    const chosen: (string | null)[] = [];
    showTo("operator", <OrganisationsPage />, { chooseOrg: (org) => chosen.push(org) });
    await screen.findByText("name of default");
    await choose("Actions for name of default", "Delete");
    await screen.findByText(/It has 29 live calls/);
    type(/Type its id/, "defaul");
    press("Delete");
    expect(asked.some(({ line }) => line.startsWith("DELETE"))).toBe(false);
    type(/Type its id/, "default");
    press("Delete");
    await waitFor(() => expect(chosen).toEqual([null]));
  });

  it("with live calls is not deleted, in the server's words", async () => {
    serve({
      ...two,
      "DELETE /v1/orgs/acme": () => refusal(409, "org_in_use", "the organisation has 3 live calls"),
    });
    showTo("operator", <OrganisationsPage />);
    await screen.findByText("name of acme");
    await choose("Actions for name of acme", "Delete");
    type(/Type its id/, "acme");
    press("Delete");
    await screen.findByText(/The organisation has 3 live calls/);
  });

  it("is looked at when it is the first there is", async () => {
    serve({ ...plans, "GET /v1/orgs": () => all(), "POST /v1/orgs": () => orgOf("first") });
    const chosen: (string | null)[] = [];
    showTo("operator", <OrganisationsPage />, {
      org: "",
      chooseOrg: (org) => chosen.push(org),
    });
    await screen.findByText("No organisations yet");
    press("Create organisation");
    await screen.findByLabelText("Name");
    type("Name", "First");
    fireEvent.click(screen.getByLabelText(/first key of its admin/));
    press("Create");
    await waitFor(() => expect(chosen).toEqual(["first"]));
  });
});
