import { describe, expect, it } from "vitest";
import { ALL_ORGS, orgChoices } from "./org-choices";

const acme = { id: "acme", name: "Acme" };

describe("the organisations to choose from", () => {
  it("go by their names", () => {
    expect(orgChoices([acme], "acme", false)).toEqual([{ value: "acme", label: "Acme" }]);
  });

  it("are told apart by their ids where names are the same", () => {
    const labels = orgChoices([acme, { id: "acme-2", name: "Acme" }], "acme", false);
    expect(labels.map(({ label }) => label)).toEqual(["Acme (acme)", "Acme (acme-2)"]);
  });

  it("always hold the one looked at", () => {
    expect(orgChoices([acme], "zeta", false)[0]).toEqual({ value: "zeta", label: "zeta" });
  });

  it("lead to the page with all of them when there are more", () => {
    expect(orgChoices([acme], "acme", true).at(-1)?.value).toBe(ALL_ORGS);
  });
});
