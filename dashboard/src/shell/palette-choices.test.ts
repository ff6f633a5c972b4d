import { expect, it } from "vitest";
import type { Role } from "../domain";
import { paletteChoices } from "./palette-choices";

const AGENTS = [
  { id: "support", name: "Support" },
  { id: "a-7", name: "Calls about support" },
];

function found(text: string, role: Role = "admin", goTo: (to: string) => void = () => undefined) {
  return paletteChoices(text, { agents: AGENTS, role, goTo });
}

const names = (text: string, role?: Role) => found(text, role).map(({ name }) => name);

it("offers the pages that a role may see, and then the agents", () => {
  expect(names("")).toEqual([
    "Concurrency",
    "Calls",
    "Agents",
    "Gates",
    "History",
    "Alerts",
    "Webhooks",
    "Audit",
    "Developers",
    "Support",
    "Calls about support",
  ]);
  expect(names("", "operator")).toContain("Plans");
  expect(names("", "viewer")).not.toContain("Audit");
});

it("finds names that begin with a text before those that hold it", () => {
  expect(names("supp")).toEqual(["Support", "Calls about support"]);
  expect(names("CALLS")).toEqual(["Calls", "Calls about support"]);
});

it("finds agents by their ids, and opens a call by its own", () => {
  const gone: string[] = [];
  const choices = found("a-7", "viewer", (to) => gone.push(to));
  for (const { onPick } of choices) onPick();
  expect(gone).toEqual(["/calls?agent=a-7", "/calls?call=a-7"]);
});

it("finds what can be done by the beginnings of its words", () => {
  const gone: string[] = [];
  const choices = found("res sup", "admin", (to) => gone.push(to));
  expect(choices.map(({ name }) => name)).toEqual([
    "Reserve slots for Support",
    "Reserve slots for Calls about support",
  ]);
  choices[0]?.onPick();
  expect(gone).toEqual(["/concurrency?edit=support"]);
  expect(names("see")).toEqual(["See who waits", "See who is at a cap"]);
});

it("offers no action that a role may not do", () => {
  expect(names("reserve", "admin")).toContain("Reserve slots");
  expect(names("reserve", "engine")).toEqual(["reserve"]);
});

it("offers to open a call when nothing has such a name", () => {
  expect(names("abcdef")).toEqual(["abcdef"]);
});

it("offers no call for what cannot be an id", () => {
  expect(found("two words")).toEqual([]);
});

it("stays short among many agents", () => {
  const agents = Array.from({ length: 1_000 }, (_, n) => ({ id: `a${n}`, name: `Agent ${n}` }));
  const many = paletteChoices("agent", { agents, role: "admin", goTo: () => undefined });
  expect(many.length).toBeLessThanOrEqual(51);
});
