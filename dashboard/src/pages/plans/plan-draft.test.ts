import { describe, expect, it } from "vitest";
import { planUses, problemsOf, whatLimitDoes } from "./plan-draft";

describe("a plan as it is typed", () => {
  it("has no problems when all is there", () => {
    expect(problemsOf({ id: "team", name: "Team", limit: "1,000" }, ["standard"])).toEqual({});
  });

  it("names each field that cannot be sent", () => {
    const problems = problemsOf({ id: "", name: " ", limit: "many" }, []);
    expect(Object.keys(problems).toSorted()).toEqual(["id", "limit", "name"]);
  });

  it("does not replace one that is there", () => {
    const { id } = problemsOf({ id: "standard", name: "New", limit: "1" }, ["standard"]);
    expect(id).toContain("A plan with this id already exists");
  });
});

it("organisations are counted by plan, and those with a limit of their own", () => {
  const uses = planUses([
    { plan: "standard", limit_override: null },
    { plan: "standard", limit_override: 0 },
    { plan: "enterprise", limit_override: null },
  ]);
  expect(uses.get("standard")).toEqual({ orgs: 2, overridden: 1 });
  expect(uses.get("enterprise")).toEqual({ orgs: 1, overridden: 0 });
});

describe("what another limit does", () => {
  const standard = { id: "standard", name: "Standard", limit: 20 };

  it("is nothing while it is the same or no number", () => {
    expect(whatLimitDoes(standard, "20", undefined)).toBeUndefined();
    expect(whatLimitDoes(standard, "", undefined)).toBeUndefined();
  });

  it.each([
    [undefined, "all organisations on this plan"],
    [{ orgs: 0, overridden: 0 }, "no organisation uses yet"],
    [{ orgs: 1, overridden: 0 }, "the one organisation on this plan"],
    [{ orgs: 1200, overridden: 0 }, "all 1,200 organisations on this plan"],
  ])("is said of whom it is for: %o", (use, whom) => {
    expect(whatLimitDoes(standard, "30", use)).toContain(whom);
  });

  it("interrupts no call, whether it is lower or higher", () => {
    expect(whatLimitDoes(standard, "10", undefined)).toContain(
      "from 20 to 10 at once. Organisations with their own limit keep it. No call is interrupted: where more",
    );
    expect(whatLimitDoes(standard, "30", undefined)).toContain("No call is interrupted; queued");
  });
});
