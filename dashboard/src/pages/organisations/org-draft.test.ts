import { describe, expect, it } from "vitest";
import type { Org } from "../../domain";
import {
  createOf,
  draftOf,
  newDraft,
  type OrgDraft,
  patchOf,
  problemsOf,
  secondsInWords,
} from "./org-draft";

const acme: Org = {
  id: "acme",
  name: "Acme",
  plan: "standard",
  limit: 30,
  limit_override: 30,
  max_call_duration_s: 14_400,
  max_wait_s: { inbound: 30 },
  max_queued: 1_000_000,
  live_calls: 0,
  active: 0,
  queued: 0,
};

function changed(change: Partial<OrgDraft>): OrgDraft {
  return { ...draftOf(acme), ...change };
}

function waiting(waits: Partial<OrgDraft["maxWaitS"]>): OrgDraft {
  return changed({ maxWaitS: { ...draftOf(acme).maxWaitS, ...waits } });
}

describe("a patch", () => {
  it("is none when nothing changed", () => {
    expect(patchOf(acme, draftOf(acme))).toBeUndefined();
    expect(patchOf(acme, changed({ name: " Acme ", maxQueued: "1,000,000" }))).toBeUndefined();
  });

  it.each<[string, OrgDraft, object]>([
    ["another name", changed({ name: "Acme Ltd" }), { name: "Acme Ltd" }],
    ["another plan", changed({ plan: "enterprise" }), { plan: "enterprise" }],
    ["another limit", changed({ limitOverride: "0" }), { limit_override: 0 }],
    ["the plan's limit", changed({ limitOverride: "" }), { limit_override: null }],
    ["no bound on calls", changed({ maxCallDurationS: "0" }), { max_call_duration_s: 0 }],
    ["another queue", changed({ maxQueued: "500" }), { max_queued: 500 }],
    ["a wait", waiting({ chat: "60" }), { max_wait_s: { chat: 60 } }],
    ["no wait any more", waiting({ inbound: "" }), { max_wait_s: { inbound: null } }],
    ["a wait of nothing", waiting({ inbound: "0" }), { max_wait_s: { inbound: 0 } }],
  ])("sends %s and nothing else", (_, draft, patch) => {
    expect(patchOf(acme, draft)).toEqual(patch);
  });
});

describe("a new organisation", () => {
  it("leaves to the server what is left empty", () => {
    expect(createOf({ ...newDraft("standard"), name: " Acme " })).toEqual({
      name: "Acme",
      plan: "standard",
    });
  });

  it("sends all that was filled in", () => {
    expect(createOf(draftOf(acme))).toEqual({
      id: "acme",
      name: "Acme",
      plan: "standard",
      limit_override: 30,
      max_call_duration_s: 14_400,
      max_queued: 1_000_000,
      max_wait_s: { inbound: 30 },
    });
  });
});

describe("a draft", () => {
  it("has no problems as the server gave it", () => {
    expect(problemsOf(draftOf(acme), false)).toEqual({});
    expect(problemsOf({ ...newDraft("standard"), name: "Acme" }, true)).toEqual({});
  });

  it("names each field that cannot be sent", () => {
    const broken: OrgDraft = {
      id: "no spaces",
      name: " ",
      plan: "",
      limitOverride: "10000001",
      maxCallDurationS: "4 h",
      maxQueued: "-1",
      maxWaitS: { webcall: "", chat: "1.5", outbound: "", inbound: "" },
    };
    expect(Object.keys(problemsOf(broken, true)).toSorted()).toEqual(
      ["chat", "id", "limitOverride", "maxCallDurationS", "maxQueued", "name", "plan"].toSorted(),
    );
  });

  it("of an organisation that exists cannot empty what it always has", () => {
    const problems = problemsOf(changed({ maxCallDurationS: "", maxQueued: " " }), false);
    expect(Object.keys(problems)).toEqual(["maxCallDurationS", "maxQueued"]);
  });
});

it("seconds are said in words", () => {
  const words = (value: string) => secondsInWords(value, "zero", "empty");
  expect(words("")).toBe("empty");
  expect(words("0")).toBe("zero");
  expect(words("14,400")).toBe("4 h 00 min");
  expect(words("soon")).toBe("");
});
