import { expect, it } from "vitest";
import { NO_FILTERS } from "../filters/filters";
import { knownViews, MOST_VIEWS, whyNot, withoutView, withView } from "./saved-views";

const QUEUE = withView([], " Queue ", { ...NO_FILTERS, view: "queued", columns: ["why"] });

it("a view keeps what the address says, under its name", () => {
  expect(QUEUE).toEqual([{ name: "Queue", href: "/calls?state=queued&columns=why" }]);
  const both = withView(QUEUE, "All", NO_FILTERS);
  expect(both.map(({ name }) => name)).toEqual(["All", "Queue"]);
  expect(withoutView(both, "Queue").map(({ name }) => name)).toEqual(["All"]);
});

it("a view of the same name is replaced", () => {
  expect(withView(QUEUE, "Queue", NO_FILTERS)).toEqual([{ name: "Queue", href: "/calls" }]);
});

it("what is kept leads to this page alone, whatever it is", () => {
  const kept = [
    { name: "Elsewhere", href: "https://elsewhere/?state=queued&x=1" },
    { name: "Script", href: "javascript:alert(1)" },
    { name: " ", href: "/calls" },
    { name: 1, href: "/calls" },
    null,
    "text",
  ];
  expect(knownViews(kept)).toEqual([
    { name: "Elsewhere", href: "/calls?state=queued" },
    { name: "Script", href: "/calls" },
  ]);
  for (const other of [undefined, null, 7, "x", {}]) expect(knownViews(other)).toEqual([]);
});

it("a view needs a name, and their number has a bound", () => {
  expect(whyNot([], "  ")).toBe("Type a name.");
  expect(whyNot([], "a")).toBeUndefined();
  const full = Array.from({ length: MOST_VIEWS }, (_, at) => ({ name: `v${at}`, href: "/calls" }));
  expect(whyNot(full, "new")).toContain("Delete one first");
  expect(whyNot(full, "v1")).toBeUndefined();
});
