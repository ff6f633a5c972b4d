// What the pages know of the API beyond its types is as docs/openapi.json says.

import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { CALL_TYPES, ID_PATTERN, MOST_CALLS, TYPE_NAME } from "./domain";
import { KINDS } from "./live/state/events";

interface Schema {
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  maximum?: number;
  enum?: string[];
  properties: Record<string, Schema>;
}

const { schemas } = JSON.parse(readFileSync("../docs/openapi.json", "utf8")).components as {
  schemas: Record<string, Schema>;
};

function schema(name: string): Schema {
  const found = schemas[name];
  if (found === undefined) throw new Error(`there is no schema ${name}`);
  return found;
}

function property(of: string, name: string): Schema {
  const found = schema(of).properties[name];
  if (found === undefined) throw new Error(`${of} has no ${name}`);
  return found;
}

it.each(["AgentId", "OrgId", "PlanId"])("%s looks as ID_PATTERN says", (name) => {
  const { pattern, minLength, maxLength } = schema(name);
  expect(ID_PATTERN.source).toBe(pattern?.replace("+$", `{${minLength},${maxLength}}$`));
});

it.each([
  ["PlanPut", "limit"],
  ["AgentPut", "cap"],
  ["OrgPatch", "limit_override"],
  ["OrgPatch", "max_queued"],
  ["Reservation", "chat"],
])("%s.%s may be as high as MOST_CALLS", (of, name) => {
  expect(property(of, name).maximum).toBe(MOST_CALLS);
});

it("the kinds of events are those that the server sends", () => {
  const { pattern, enum: names } = property("ServerSentEvent", "event");
  const isSent = (kind: string) =>
    names === undefined ? new RegExp(pattern ?? "^$").test(kind) : names.includes(kind);
  expect([...KINDS].filter((kind) => !isSent(kind))).toEqual([]);
  expect(isSent("call.unheard-of")).toBe(false);
});

it("each type of call has one name, a single word that fits a column head", () => {
  expect(CALL_TYPES.map((type) => TYPE_NAME[type])).toEqual([
    "Webcall",
    "Chat",
    "Outbound",
    "Inbound",
  ]);
});
