import { expect, test } from "vitest";
import { agentColor } from "../../../agent-color";
import { agentColors } from "./agent-colors";

test("agents have the colours that they have on every page, whichever agent else is shown", () => {
  const few = agentColors(["support", "sales"]);
  const more = agentColors(["booking", "sales", "billing", "support"]);
  for (const id of ["support", "sales"]) {
    expect(few.get(id)).toEqual(agentColor(id));
    expect(more.get(id)).toEqual(agentColor(id));
  }
});

test("those that are not shown apart have none", () => {
  expect(agentColors(["support"]).has("sales")).toBe(false);
});
