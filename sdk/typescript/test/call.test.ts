import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CallEndedError, type Callslot, type Position, ProblemError } from "../src/index.js";
import { Server, until } from "./support/server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start(1);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

const ways = [{ transport: "auto" as const }, { transport: "http" as const }];

describe.each(ways)("by $transport", ({ transport }) => {
  const client = (): Callslot => server.client({ transport });
  const isEmpty = () =>
    until("no call is left", async () => {
      const { active, queued } = await server.live();
      return active + queued === 0;
    });

  test("a call holds its slot until it is disposed of", async () => {
    await using slots = client();
    {
      await using call = await slots.call("support", "inbound", { metadata: { from: "+49" } });
      expect(call.state).toBe("active");
      expect(call.view?.metadata).toEqual({ from: "+49" });
      expect(slots.transport).toBe(transport === "auto" ? "stream" : "http");
      expect(await server.live()).toEqual({ active: 1, queued: 0 });
    }
    expect(await server.live()).toEqual({ active: 0, queued: 0 });
  });

  test("a call that throws gives its slot back", async () => {
    await using slots = client();
    const failing = async () => {
      await using call = await slots.call("support", "inbound");
      throw new Error(call.state);
    };
    await expect(failing()).rejects.toThrow("active");
    await isEmpty();
  });

  test("a call passes its gates, and is told which one holds it", async () => {
    await using slots = client();
    const gate = `spring-${transport}`;
    const settings = { name: "Spring", kind: "campaign" as const };
    await slots.settings.putGate(gate, { ...settings, paused: true });
    const told: Position[] = [];
    const onPosition = (position: Position) => told.push(position);
    await using call = await slots.start("support", "outbound", { gates: [gate], onPosition });
    await until("it is told", async () => told.length > 0);
    expect(told[0]).toMatchObject({ blockedOn: "gate_paused", blockedBy: { gate } });
    expect(call.view?.gates).toEqual([gate]);
    await expect(slots.settings.deleteGate(gate)).rejects.toMatchObject({ code: "gate_in_use" });
    await slots.settings.putGate(gate, settings);
    expect((await call.wait({ timeoutMs: 5000 })).state).toBe("active");
    expect((await slots.settings.gate(gate)).active).toBe(1);
    await call.end();
    await slots.settings.deleteGate(gate);
    for await (const left of slots.settings.gates()) expect(left.id).not.toBe(gate);
    const unknown = slots.start("support", "outbound", { gates: ["never"] });
    await expect(unknown).rejects.toMatchObject({ code: "unknown_gate" });
  });

  test("calls wait in line, are told their position, and start in order", async () => {
    await using slots = client();
    const first = await slots.call("support", "inbound");
    const positions: number[] = [];
    const onPosition = ({ position }: { position: number }) => positions.push(position);
    const second = slots.call("support", "inbound", { id: `second-${transport}` });
    await until("it is queued", async () => (await server.live()).queued === 1);
    const third = slots.call("support", "inbound", {
      id: `third-${transport}`,
      onPosition,
    });
    await until("it is told", () => positions[0] === 2);
    await first.end({ note: "done" });
    const held = await second;
    await until("it has moved up", () => positions.at(-1) === 1);
    await held.end();
    await (await third).end();
    await isEmpty();
    expect((await server.client().settings.call(first.id)).note).toBe("done");
  });

  test("a caller that gives up waiting leaves nothing in the queue", async () => {
    await using slots = client();
    await using held = await slots.call("support", "inbound");
    const stop = new AbortController();
    const waiting = slots.call("sales", "chat", { signal: stop.signal });
    await until("it is queued", async () => (await server.live()).queued === 1);
    stop.abort(new Error("the caller has hung up"));
    await expect(waiting).rejects.toThrow("the caller has hung up");
    await until("it has left", async () => (await server.live()).queued === 0);
    expect(held.state).toBe("active");
  });

  test("a wait that times out keeps its place", async () => {
    await using slots = client();
    const held = await slots.call("support", "inbound");
    const call = await slots.start("support", "inbound");
    await expect(call.wait({ timeoutMs: 50 })).rejects.toThrow(/timeout/i);
    expect(call.state).toBe("queued");
    await held.end();
    await call.wait();
    await call.end();
  });

  test("a call that may not wait, or has waited too long, ends with its reason", async () => {
    await using slots = client();
    await using _held = await slots.call("support", "inbound");
    const refused = await slots.start("support", "inbound", { maxWaitS: 0 });
    expect(refused.state).toBe("ended");
    await expect(slots.call("support", "inbound", { maxWaitS: 1 })).rejects.toMatchObject({
      name: "CallEndedError",
      reason: "max_wait",
    });
  });

  test("a call that the server ends is lost", async () => {
    await using slots = client();
    const call = await slots.call("support", "inbound", { maxDurationS: 1 });
    const over = new Promise((resolve) => call.lost.addEventListener("abort", resolve));
    await over;
    expect(call.lost.reason).toBeInstanceOf(CallEndedError);
    expect(call.lost.reason.reason).toBe("max_duration");
    expect(call.state).toBe("ended");
    await call.end();
  });

  test("a refusal has its code and its numbers", async () => {
    await using slots = client();
    const refused = await slots.call("nobody", "inbound").catch((error) => error);
    expect(refused).toBeInstanceOf(ProblemError);
    expect(refused).toMatchObject({ code: "unknown_agent", status: 404 });
    expect(slots.calls).toEqual([]);
  });

  test("the same id is the same call, also in one client", async () => {
    await using slots = client();
    const [one, two] = await Promise.all([
      slots.call("support", "inbound", { id: `twice-${transport}` }),
      slots.call("support", "inbound", { id: `twice-${transport}` }),
    ]);
    expect(one).toBe(two);
    expect((await server.live()).active).toBe(1);
    await one.end();
  });

  test("another engine's call is refused, and can be adopted", async () => {
    await using old = client();
    await using young = client();
    const call = await old.call("support", "inbound", { id: `moves-${transport}` });
    await expect(
      young.call("support", "inbound", { id: `moves-${transport}` }),
    ).rejects.toMatchObject({
      code: "held_by_other_lease",
    });
    const adopted = await young.adopt(`moves-${transport}`);
    expect([adopted.state, adopted.agent]).toEqual(["active", "support"]);
    await expect(young.adopt("nobody")).rejects.toMatchObject({ code: "unknown_call" });
    expect(young.calls).toEqual([adopted]);
    await until("the old one is told", () => call.lost.aborted);
    expect(call.lost.reason.reason).toBe("adopted");
    await call.end();
    expect((await server.live()).active).toBe(1);
    await adopted.end();
    await isEmpty();
  });

  test("a call is claimed, or goes back", async () => {
    await using slots = client();
    {
      await using call = await slots.call("support", "inbound", { claimWithinS: 1 });
      await new Promise((done) => setTimeout(done, 1500));
      expect(call.state).toBe("active");
    }
    const call = await slots.start("support", "inbound", { claimWithinS: 60 });
    await call.wait();
    await call.decline({ forGood: true });
    expect(call.state).toBe("ended");
    expect(call.lost.reason.reason).toBe("declined");
  });

  test("closing the client ends its calls", async () => {
    const slots = client();
    await slots.call("support", "inbound");
    void slots.start("support", "inbound");
    await until("it is queued", async () => (await server.live()).queued === 1);
    await slots.close();
    expect(await server.live()).toEqual({ active: 0, queued: 0 });
    await expect(slots.call("support", "inbound")).rejects.toThrow("closed");
    const leases = await server.client().request<{ items: unknown[] }>({
      method: "GET",
      path: "/v1/leases",
    });
    expect(leases.items).toEqual([]);
  });
});
