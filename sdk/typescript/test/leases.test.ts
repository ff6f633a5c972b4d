/** Calls in line whose lease ends: they begin again under another id, and those that had a slot are lost. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Callslot } from "../src/index.js";
import { FaultyProxy } from "./support/faulty-proxy.js";
import { Server, until } from "./support/server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start(2);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});
beforeEach(() =>
  until("no call is left", async () => {
    const { active, queued } = await server.live();
    return active + queued === 0;
  }),
);

const ways = [{ transport: "auto" as const }, { transport: "http" as const }];

/** Takes all slots for another client, so that the next calls wait. */
async function fill(): Promise<Callslot> {
  const other = server.client();
  await Promise.all([other.call("support", "chat"), other.call("support", "chat")]);
  return other;
}

const endLease = (lease: string | null | undefined) =>
  server.client().request({ method: "DELETE", path: `/v1/leases/${lease}` });

const endedAs = async (id: string) => (await server.client().settings.call(id)).reason;

describe.each(ways)("by $transport", ({ transport }) => {
  test("a call in line whose lease is ended begins again, and one with a slot is lost", async () => {
    await using other = server.client();
    const busy = await other.call("support", "inbound");
    await using slots = server.client({ transport });
    const held = await slots.call("support", "inbound", { id: `held-${transport}` });
    const places: number[] = [];
    const waits = await slots.start("support", "inbound", {
      id: `waits-${transport}`,
      onPosition: ({ position }) => places.push(position),
    });
    expect(waits.state).toBe("queued");
    const waiting = waits.wait();
    // Renewals are apart by a third of the grace, and both slots are to stay taken until it is in line again.
    await using third = server.client();
    const next = third.call("support", "inbound");
    await until("it is in line too", async () => (await server.live()).queued === 2);
    await endLease(held.view?.lease);
    await until("the held one is lost", () => held.lost.aborted);
    expect(held.lost.reason.reason).toBe("lease_expired");
    await until(
      "it is in line again",
      () => waits.id === `waits-${transport}~1` && places.length > 1,
    );
    expect(await endedAs(`waits-${transport}`)).toBe("lease_expired");
    expect(waits.lost.aborted).toBe(false);
    await busy.end();
    await waiting;
    expect(waits.state).toBe("active");
    expect(slots.calls).toEqual([waits]);
    await Promise.all([waits.end(), next.then((it) => it.end())]);
  });

  test("no contact for longer than the lease lives: a call in line waits on, and begins again", async () => {
    await using other = await fill();
    await using proxy = await FaultyProxy.start(server.url);
    await using slots = server.client({ transport, url: proxy.url });
    const id = `cut-off-${transport}`;
    const waits = await slots.start("support", "inbound", { id });
    const waiting = waits.wait();
    proxy.isDown = true;
    proxy.cut();
    await until("its lease has ended", async () => (await endedAs(id)) === "lease_expired");
    // Longer than its client waits for a start without an answer.
    await new Promise((done) => setTimeout(done, 2_500));
    expect(waits.lost.aborted).toBe(false);
    proxy.isDown = false;
    await until("it is in line again", async () => (await server.live()).queued === 1);
    await other.close();
    await waiting;
    expect(waits.id).toBe(`${id}~1`);
    await waits.end();
  });

  test("a start whose answer is lost, and its lease with it, begins again before it is answered", async () => {
    await using other = await fill();
    await using proxy = await FaultyProxy.start(server.url);
    await using slots = server.client({ transport, url: proxy.url });
    const id = `unheard-${transport}`;
    let lease: string | undefined;
    proxy.loses = (direction, text) => {
      if (direction === "up" || !text.includes(`"id":"${id}"`)) return false;
      lease ??= /"lease":"([^"]+)"/.exec(text)?.[1];
      proxy.isDown = true;
      return true;
    };
    const starting = slots.start("support", "inbound", { id });
    await until("the answer is lost", () => lease !== undefined);
    await endLease(lease);
    proxy.loses = () => false;
    proxy.isDown = false;
    const call = await starting;
    expect([call.id, call.state]).toEqual([`${id}~1`, "queued"]);
    await call.end();
    await other.close();
  });

  test("an id that ended with the lease of another client is said to be over", async () => {
    const id = `before-${transport}`;
    const first = await server.client().call("support", "inbound", { id });
    await endLease(first.view?.lease);
    await using slots = server.client({ transport });
    const starting = slots.call("support", "inbound", { id });
    await expect(starting).rejects.toMatchObject({
      name: "CallEndedError",
      reason: "lease_expired",
    });
  });

  test("a call in line that was adopted is lost with its lease: how it is started is not known", async () => {
    await using other = await fill();
    const id = `handed-over-${transport}`;
    const first = server.client();
    await first.start("support", "inbound", { id });
    await using slots = server.client({ transport });
    const adopted = await slots.adopt(id);
    expect(adopted.state).toBe("queued");
    await endLease(adopted.view?.lease);
    await until("it is lost", () => adopted.lost.aborted);
    expect(adopted.lost.reason.reason).toBe("lease_expired");
    expect((await server.live()).queued).toBe(0);
    await first.close();
    await other.close();
  });
});

test("calls on a connection that says nothing live for longer than the grace", async () => {
  await using slots = server.client();
  const held = await slots.call("support", "inbound");
  const other = await slots.call("support", "inbound");
  const waits = await slots.start("support", "inbound", { id: "quiet" });
  await new Promise((done) => setTimeout(done, 7_000));
  expect([held.state, other.state, waits.state]).toEqual(["active", "active", "queued"]);
  expect(await server.live()).toEqual({ active: 2, queued: 1 });
});

test("a half-open connection is replaced within the grace, and no call is lost", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url });
  const held = await slots.call("support", "inbound");
  proxy.silenceStreams();
  await until("there is another stream", () => proxy.streams === 2, 6_000);
  await until("it is in use", () => slots.transport === "stream");
  expect(held.lost.aborted).toBe(false);
  expect((await server.live()).active).toBe(1);
});

test.each(ways)(
  "by $transport: a wall clock that is set forward and back loses no call and no lease",
  async ({ transport }) => {
    await using proxy = await FaultyProxy.start(server.url);
    await using slots = server.client({ url: proxy.url, transport });
    const held = await slots.call("support", "inbound");
    const ends = await slots.call("support", "inbound");
    const waits = await slots.start("support", "inbound");
    const leases = [held, ends, waits].map((it) => it.view?.lease);
    const begun = performance.now();
    try {
      for (const days of [1, -1, 400, -400, 0]) {
        vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + days * 86_400_000 });
        await new Promise((done) => setTimeout(done, 1_200));
        expect([held.state, ends.state, waits.state]).toEqual(["active", "active", "queued"]);
        vi.useRealTimers();
      }
      expect(performance.now() - begun).toBeGreaterThan(5_000);
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 86_400_000 });
      // What the clock could have spoiled is used: the connection is made again, and the lease is resumed.
      proxy.cut();
      await ends.end();
      await waits.wait();
      expect([held.view?.lease, ends.view?.lease, waits.view?.lease]).toEqual(leases);
      if (transport === "auto") {
        // Silence is found out although the clock says that the last word is of tomorrow.
        vi.setSystemTime(Date.now() - 2 * 86_400_000);
        const before = proxy.streams;
        proxy.silenceStreams();
        await until("there is another stream", () => proxy.streams > before, 6_000);
      }
      expect((await server.live()).active).toBe(2);
    } finally {
      vi.useRealTimers();
    }
  },
);

test.each([
  "<html>",
  "",
  "7",
  "null",
  "[null]",
  '{"op":"started"}',
  '{"op":"ended","call":{}}',
  '{"op":"resumed"}',
  '{"ref":1}',
])("garbage costs a connection at most, and no call: %s", async (garbage) => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url });
  const held = await slots.call("support", "inbound");
  proxy.say(garbage);
  await new Promise((done) => setTimeout(done, 50));
  await (await slots.call("support", "inbound")).end();
  expect(held.state).toBe("active");
  expect((await server.live()).active).toBe(1);
});

test.each(ways)(
  "by $transport: what fits into no message is refused or cut, and disturbs no other call",
  async ({ transport }) => {
    await using slots = server.client({ transport });
    const held = await slots.call("support", "inbound");
    const metadata = { much: "x".repeat(2_000_000) };
    await expect(slots.start("support", "inbound", { metadata })).rejects.toThrow(RangeError);
    for (const length of [1_001, 2_000_000]) {
      await (await slots.call("support", "inbound")).end({ note: "x".repeat(length) });
    }
    // It counts in characters of another kind than the server, perhaps.
    await (await slots.call("support", "inbound")).end({ note: "😀".repeat(600) });
    expect(slots.calls).toEqual([held]);
    expect((await server.live()).active).toBe(1);
  },
);

test.each(ways)(
  "by $transport: what the server has beyond the client's calls is ended",
  async ({ transport }) => {
    await using proxy = await FaultyProxy.start(server.url);
    await using slots = server.client({ url: proxy.url, transport });
    const held = await slots.call("support", "inbound");
    const id = `surplus-${transport}`;
    const body = { id, agent: "support", type: "chat", lease: held.view?.lease };
    await server.client().request({ method: "POST", path: "/v1/calls", body });
    const waiting = slots.call("support", "inbound");
    // Until then the server takes it that the client may not have heard of the call.
    await new Promise((done) => setTimeout(done, 5_000));
    if (transport === "auto") proxy.cut();
    await waiting;
    expect(await endedAs(id)).toBe(transport === "http" ? "reconciled" : "completed");
    expect(held.state).toBe("active");
    expect((await server.live()).active).toBe(2);
  },
);

test("an id that has no room for more gets another", async () => {
  await using other = await fill();
  await using slots = server.client();
  const id = "x".repeat(127);
  const waits = await slots.start("support", "inbound", { id });
  await endLease(waits.view?.lease);
  await until("it is in line again", () => waits.id !== id && waits.state === "queued");
  expect(waits.id.length).toBeLessThan(128);
  await other.close();
  await waits.wait();
});

test("a call in line that is ended while it begins again is over, and nothing starts", async () => {
  await using other = await fill();
  await using slots = server.client();
  const waits = await slots.start("support", "inbound", { id: "given-up" });
  const { lease } = waits.view ?? {};
  const ending = endLease(lease);
  await until("it begins again", () => waits.id === "given-up~1");
  await waits.end();
  await ending;
  expect((await server.live()).queued).toBe(0);
  expect(slots.calls).toEqual([]);
  await other.close();
});
