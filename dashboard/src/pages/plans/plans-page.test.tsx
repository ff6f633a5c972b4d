import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { all, choose, press, refusal, serve, showTo, type } from "../../app.fixture";
import { PlansPage } from "./plans-page";

const standard = { id: "standard", name: "Standard", limit: 20 };
const orgs = [
  { id: "a", plan: "standard", limit_override: null },
  { id: "b", plan: "standard", limit_override: 5 },
];
const server = {
  "GET /v1/plans": () => all(standard),
  "GET /v1/orgs": () => all(...orgs),
};

describe("the plans", () => {
  it("are not asked for with the role admin, which is told why", async () => {
    const asked = serve({});
    showTo("admin", <PlansPage />);
    await screen.findByText(/requires the role operator; your key has the role admin/);
    expect(asked).toEqual([]);
  });

  it("are listed with how many organisations are on them", async () => {
    serve(server);
    showTo("operator", <PlansPage />);
    await screen.findByText("1 with a limit of their own");
  });

  it("say no number of organisations when there are too many to count", async () => {
    serve({ ...server, "GET /v1/orgs": () => ({ items: orgs, next: "more" }) });
    showTo("operator", <PlansPage />);
    await screen.findByText("standard");
    screen.getByText("not counted");
  });
});

describe("a plan", () => {
  it("says before another limit is saved for whom it is, and sends it", async () => {
    const asked = serve({
      ...server,
      "PUT /v1/plans/standard": () => ({ ...standard, limit: 10 }),
    });
    showTo("operator", <PlansPage />);
    await screen.findByText("1 with a limit of their own");
    await choose("Actions for Standard", "Edit");
    type("Limit (calls)", "10");
    screen.getByText(
      /all 2 organisations on this plan changes from 20 to 10 .* No call is interrupted/,
    );
    press("Save");
    await screen.findByText("The plan Standard is saved.");
    const put = asked.find(({ line }) => line.startsWith("PUT"));
    expect(put?.body).toEqual({ name: "Standard", limit: 10 });
  });

  it("is created, but not over one that is there", async () => {
    const asked = serve({
      ...server,
      "PUT /v1/plans/team": () => ({ id: "team", name: "Team", limit: 50 }),
    });
    showTo("operator", <PlansPage />);
    await screen.findByText("standard");
    press("Create plan");
    type("Name", "Team");
    type("Id", "standard");
    type("Limit (calls)", "50");
    press("Create");
    await screen.findByText(/A plan with this id already exists/);
    expect(asked.some(({ line }) => line.startsWith("PUT"))).toBe(false);
    type("Id", "team");
    press("Create");
    await screen.findByText("The plan Team is created.");
  });

  it("that organisations are on is not deleted, in the server's words", async () => {
    serve({
      ...server,
      "DELETE /v1/plans/standard": () =>
        refusal(409, "plan_in_use", "2 organisations are on the plan; move them first"),
    });
    showTo("operator", <PlansPage />);
    await screen.findByText("standard");
    await choose("Actions for Standard", "Delete");
    await screen.findByText("Delete the plan Standard?");
    press("Delete");
    await screen.findByText(/2 organisations are on the plan; move them first/);
  });
});
