// @vitest-environment jsdom

import { expect, test } from "vitest";
import type { Pool } from "../../../domain";
import { poolOf } from "../pool.fixture";
import { agentColors } from "./agent-colors";
import { barOf, MOST_SHOWN, overWords, shownAgents } from "./pool-bar-segments";

function drawn(pool: Pool): string[] {
  return barOf(pool, agentColors(shownAgents(pool))).segments.map(
    ({ name, inUse, slots }) => `${name} ${inUse}/${slots}`,
  );
}

/** That many agents, the first with the largest reservation. */
function crowd(agents: number): Pool {
  const entries = Array.from({ length: agents }, (_, index) => [
    `a${String(index).padStart(4, "0")}`,
    { reserved: { chat: agents - index }, active: { chat: 1 } },
  ]);
  return poolOf(1_000_000, Object.fromEntries(entries));
}

test("each agent with a reservation has a segment, and what is left is shared", () => {
  const pool = poolOf(20, {
    billing: { reserved: { chat: 2, inbound: 3 }, active: { chat: 1 } },
    sales: { active: { outbound: 3 } },
    support: { reserved: { inbound: 10 }, active: { inbound: 12 } },
  });
  expect(drawn(pool)).toEqual(["billing 1/5", "support 10/10", "Shared 5/5"]);
  expect(barOf(pool, agentColors([])).slots).toBe(20);
});

test("a full shared pool says who uses it, most first", () => {
  const pool = poolOf(20, {
    a: { active: { chat: 1 } },
    b: { active: { chat: 2, inbound: 3 } },
    c: { active: { chat: 2 } },
    d: { active: { chat: 1 } },
  });
  const [shared] = barOf(pool, agentColors([])).segments;
  expect(shared?.says).toBe("9 of 20 shared slots in use: b 5, c 2, a 1 and 1 other");
});

test("a segment says what its agent uses and what waits", () => {
  const pool = poolOf(20, {
    support: { reserved: { chat: 5 }, active: { chat: 6, webcall: 1 }, queued: { chat: 3 } },
  });
  expect(barOf(pool, agentColors(["support"])).segments[0]?.says).toBe(
    "5 of 5 reserved slots in use, 2 more on shared slots, 3 waiting",
  );
});

test("a pool that is reserved as a whole has no shared segment", () => {
  expect(drawn(poolOf(5, { a: { reserved: { chat: 5 } } }))).toEqual(["a 0/5"]);
});

test("while settling, what is promised beyond the limit is a part of its own", () => {
  const pool = poolOf(22, {
    sales: { reserved: { outbound: 6 }, active: { outbound: 4 } },
    support: { reserved: { chat: 6 }, active: { chat: 24 } },
  });
  expect(pool.settling).toBe(8);
  expect(drawn(pool)).toEqual(["sales 4/6", "support 6/6", "Shared 10/10", "Over the limit 8/8"]);
  expect(barOf(pool, agentColors([])).slots).toBe(30);
});

test("a draft beyond the limit is as wide as what it asks for", () => {
  const pool = poolOf(20, { a: { reserved: { chat: 24 } }, b: { active: { chat: 2 } } });
  expect(drawn(pool)).toEqual(["a 0/24", "Over the limit 2/2"]);
  expect(barOf(pool, agentColors([])).slots).toBe(26);
});

test("of many agents the largest have a segment and the others share one", () => {
  const segments = drawn(crowd(1000));
  expect(segments).toHaveLength(MOST_SHOWN + 2);
  expect(segments[0]).toBe("a0000 1/1000");
  expect(segments[MOST_SHOWN]).toBe("992 more 992/492528");
  expect(segments.at(-1)).toBe("Shared 0/499500");
});

test("nine agents are eight and one more", () => {
  expect(drawn(crowd(9)).at(-2)).toBe("1 more 1/1");
});

test("calls over the limit say that they continue, and what happens when they end", () => {
  expect(overWords(8)).toBe(
    "8 calls over the new limit. They continue; new shared calls start when 8 have ended.",
  );
  expect(overWords(1)).toBe(
    "1 call over the new limit. It continues; new shared calls start when it has ended.",
  );
});

test("used shared slots tell whose they are, in the colours there are", () => {
  const pool = poolOf(20, {
    a: { reserved: { chat: 1 }, active: { chat: 3 } },
    b: { active: { chat: 4 } },
  });
  const colors = agentColors(["a"]);
  expect(barOf(pool, colors).segments.at(-1)?.users).toEqual([
    { name: "b", slots: 4, color: undefined },
    { name: "a", slots: 2, color: colors.get("a") },
  ]);
});

test("the agents stand in the pool's order, whatever their size", () => {
  const pool = poolOf(20, {
    a: { reserved: { chat: 1 } },
    b: { reserved: { chat: 9 } },
    c: { reserved: { chat: 4 } },
  });
  expect(shownAgents(pool)).toEqual(["a", "b", "c"]);
});

test("an agent that is asked for is shown whatever it reserves", () => {
  const pool = crowd(1000);
  expect(shownAgents(pool, "a0999")).toHaveLength(MOST_SHOWN + 1);
  expect(shownAgents(pool, "a0999").at(-1)).toBe("a0999");
  expect(shownAgents(pool, "a0000")).toHaveLength(MOST_SHOWN);
});

test("an agent may be called what the bar calls its own parts", () => {
  const names = ["others", "over", "shared"];
  const agents = Object.fromEntries(names.map((id) => [id, { reserved: { chat: 1 } }]));
  const pool = poolOf(20, agents);
  const { segments } = barOf(pool, agentColors(names));
  expect(new Set(segments.map(({ key }) => key)).size).toBe(segments.length);
});
