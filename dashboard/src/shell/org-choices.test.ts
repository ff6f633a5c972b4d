import { expect, it } from "vitest";
import { foundOrgs } from "./org-choices";

const ORGS = [
  { id: "acme", name: "Acme" },
  { id: "zeta", name: "Zeta Acme Ltd" },
  { id: "org-7", name: "Other" },
];

const ids = (text: string, current = "acme") => foundOrgs(ORGS, text, current).map(({ id }) => id);

it("finds organisations by their name or id", () => {
  expect(ids("ACME")).toEqual(["acme", "zeta"]);
  expect(ids("org-7")).toEqual(["org-7"]);
  expect(ids("nobody")).toEqual([]);
});

it("has the one looked at among all, wherever it stands in the list", () => {
  expect(ids("", "far-away")).toEqual(["far-away", "acme", "zeta", "org-7"]);
});
