import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Engine } from "../src/engine.js";
import { Http } from "../src/http.js";
import { UnreachableError } from "../src/index.js";
import { FaultyProxy } from "./support/faulty-proxy.js";
import { Server, until } from "./support/server.js";

let server: Server;
beforeAll(async () => {
  server = await Server.start(2);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});
beforeEach(() => nothingIsLive(30_000));

const nothingIsLive = (timeoutMs?: number) =>
  until(
    "no call is left",
    async () => {
      const { active, queued } = await server.live();
      return active + queued === 0;
    },
    timeoutMs,
  );

/** Loses the first message in this direction that has this in it. */
function losesOnce(direction: "up" | "down", part: string): FaultyProxy["loses"] {
  let isDone = false;
  return (to, text) => {
    if (isDone || to !== direction || !text.includes(part)) return false;
    isDone = true;
    return true;
  };
}

describe.each([{ transport: "auto" as const }, { transport: "http" as const }])(
  "by $transport",
  ({ transport }) => {
    test.each([
      ["up", '"agent":"support"'],
      ["down", '"state":"active"'],
    ] as const)("a start that is lost on its way %s takes one slot", async (direction, part) => {
      await using proxy = await FaultyProxy.start(server.url);
      await using slots = server.client({ transport, url: proxy.url });
      proxy.loses = losesOnce(direction, part);
      const call = await slots.call("support", "inbound");
      expect((await server.live()).active).toBe(1);
      await call.end();
      await nothingIsLive();
    });

    test.each([
      ["up", "the end of"],
      ["down", '"state":"ended"'],
    ] as const)("an end that is lost on its way %s is sent again", async (direction, part) => {
      await using proxy = await FaultyProxy.start(server.url);
      await using slots = server.client({ transport, url: proxy.url });
      const call = await slots.call("support", "inbound");
      proxy.loses = losesOnce(direction, part);
      await call.end({ note: "the end of it" });
      expect((await server.live()).active).toBe(0);
    });

    test("a start that is given up while its answer is lost leaks nothing", async () => {
      await using proxy = await FaultyProxy.start(server.url);
      await using slots = server.client({ transport, url: proxy.url });
      const stop = new AbortController();
      proxy.loses = (direction, text) => {
        if (direction === "up" || !text.includes('"state":"active"')) return false;
        stop.abort(new Error("given up"));
        proxy.loses = () => false;
        return true;
      };
      const call = slots.call("support", "inbound", { signal: stop.signal });
      await expect(call).rejects.toThrow("given up");
      await nothingIsLive(4_000);
    });

    test.each(["SIGKILL", "SIGTERM"] as const)(
      "calls that are held, wait or begin go on over a restart by %s",
      async (signal) => {
        await using slots = server.client({ transport, graceS: 30 });
        const held = [
          await slots.call("support", "inbound"),
          await slots.call("support", "inbound"),
        ] as const;
        const waiting = slots.call("sales", "chat");
        await until("it is queued", async () => (await server.live()).queued === 1);
        await server.down(signal);
        const begins = slots.call("sales", "chat");
        const ends = held[0].end();
        await server.up();
        await ends;
        const next = await waiting;
        expect(held[1].lost.aborted).toBe(false);
        await held[1].end();
        await (await begins).end();
        await next.end();
        await nothingIsLive();
      },
    );

    test("no contact for longer than the lease lives: the call is lost, and ended afterwards", async () => {
      await using proxy = await FaultyProxy.start(server.url);
      await using slots = server.client({ transport, url: proxy.url });
      const call = await slots.call("support", "inbound");
      await server.down("SIGKILL");
      await until("it is lost", () => call.lost.aborted);
      expect(call.lost.reason.reason).toBe("unreachable");
      const never = slots.call("support", "inbound");
      await expect(never).rejects.toBeInstanceOf(UnreachableError);
      await server.up();
      // The server was down, so its lease still lives.
      await nothingIsLive(8_000);
    });
  },
);

test("where WebSockets are blocked, calls go over plain HTTP", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  proxy.blocksWebSockets = true;
  await using slots = server.client({ url: proxy.url });
  const first = await slots.call("support", "inbound");
  expect(slots.transport).toBe("http");
  const second = await slots.call("support", "inbound");
  const third = slots.call("support", "inbound");
  await first.end();
  await (await third).end();
  // Its lease is renewed: it lives for longer than that.
  await new Promise((done) => setTimeout(done, 7_000));
  expect(second.lost.aborted).toBe(false);
  expect((await server.live()).active).toBe(1);
});

test("a stream that breaks and is then blocked goes on over HTTP with the same lease", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url });
  const call = await slots.call("support", "inbound");
  const lease = call.view?.lease;
  proxy.blocksWebSockets = true;
  proxy.cut();
  await until("it is on HTTP", () => slots.transport === "http");
  const other = await slots.call("support", "inbound");
  expect(other.view?.lease).toBe(lease);
  expect(call.lost.aborted).toBe(false);
});

/** What is behind a client. */
function engineOf(url: string): Engine {
  return new Engine({
    http: new Http(url, server.key, undefined, fetch),
    graceS: 5,
    transport: "auto",
    failOpenAfterMs: undefined,
    openWebSocket: undefined,
    httpForMs: 300,
  });
}

test("a start that came late under a lease of before is adopted", async () => {
  await using slots = server.client();
  const late = await slots.call("support", "inbound", { id: "late" });
  const engine = engineOf(server.url);
  engine.setLease(late.view?.lease as string);
  engine.setLease(undefined);
  const call = await engine.start("support", "inbound", { id: "late" });
  expect(call.state).toBe("active");
  expect((await server.live()).active).toBe(1);
  await call.end();
  engine.close();
});

test("a call that ends while it is asked how it stands is ended", async () => {
  const engine = engineOf(server.url);
  const call = await engine.start("support", "inbound", {});
  engine.check(call);
  await call.end();
  expect((await server.live()).active).toBe(0);
  engine.close();
});

test("a start that a poll's lost answer hides is found by reconciling over HTTP", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url, transport: "http" });
  const first = await slots.call("support", "inbound");
  await slots.call("support", "inbound");
  proxy.hangs = (path) => path.includes("wait_s");
  const waiting = await slots.start("support", "inbound");
  expect(waiting.state).toBe("queued");
  await first.end();
  await waiting.wait({ timeoutMs: 8_000 });
});

test("a start whose answer overtakes that to a reconciliation stays", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url, transport: "http" });
  const first = await slots.call("support", "inbound");
  // The list is made and decided while the start is on its way; its answer comes after the start's.
  let passStart = () => {};
  const startMayPass = new Promise<void>((done) => {
    passStart = done;
  });
  let isReconciled = false;
  proxy.delays = async (path) => {
    if (path === "/v1/calls") await startMayPass;
  };
  proxy.delaysAnswer = async (path) => {
    if (!path.endsWith("/reconcile")) return;
    passStart();
    await until("the start is answered", () =>
      slots.calls.some((it) => it.id === "overtakes" && it.view),
    );
    isReconciled = true;
  };
  const starting = slots.start("support", "inbound", { id: "overtakes" });
  await server.client().settings.endCalls({ ids: [first.id] });
  await until("it is reconciled", () => isReconciled);
  const call = await starting;
  await until("the other is lost", () => first.lost.aborted);
  expect(call.state).toBe("active");
  expect(call.lost.aborted).toBe(false);
});

test("a key that is revoked renews no lease: the call is lost", async () => {
  const { id, secret } = await server.client().request<{ id: string; secret: string }>({
    method: "POST",
    path: "/v1/keys",
    body: { name: "revoked", role: "engine" },
  });
  const slots = server.client({ key: secret, transport: "http" });
  const call = await slots.call("support", "inbound");
  await server.client().request({ method: "DELETE", path: `/v1/keys/${id}` });
  await until("it is lost", () => call.lost.aborted);
  expect(call.lost.reason.reason).toBe("unreachable");
});

test("once WebSockets come through again, the stream takes over from HTTP", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  proxy.blocksWebSockets = true;
  const engine = engineOf(proxy.url);
  const held = await engine.start("support", "inbound", {});
  await engine.start("support", "inbound", { id: "ends" });
  const queued = await engine.start("support", "inbound", {});
  expect(engine.transport).toBe("http");
  proxy.blocksWebSockets = false;
  await until("it is on the stream", () => engine.transport === "stream");
  await engine.calls.get("ends")?.end();
  await queued.wait();
  expect(queued.view?.lease).toBe(held.view?.lease);
  await Promise.all([held.end(), queued.end()]);
  engine.close();
});

test("a call that ended without the client's hearing of it is found by reconciling over HTTP", async () => {
  await using slots = server.client({ transport: "http" });
  const call = await slots.call("support", "inbound");
  await server.client().settings.endCalls({ ids: [call.id] });
  await until("it is lost", () => call.lost.aborted, 5_000);
  expect(call.lost.reason.reason).toBe("completed");
});

test.each([1001, 1011, 1013])("a stream closed with %s is resumed unseen", async (code) => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url });
  const call = await slots.call("support", "inbound");
  proxy.closeStreams(code);
  const other = await slots.call("support", "inbound");
  expect(proxy.streams).toBe(2);
  expect(other.view?.lease).toBe(call.view?.lease);
  expect(call.lost.aborted).toBe(false);
});

/** Resumes a lease from a connection that does not come from a client, and closes it. */
async function resumeOnce(lease: string): Promise<void> {
  const url = `${server.url.replace("http", "ws")}/v1/connect?grace_s=5`;
  const headers = { authorization: `Bearer ${server.key}` };
  const other = new WebSocket(url, "callslot.v1", { headers });
  other.on("open", () => other.send(JSON.stringify({ op: "resume", lease })));
  await new Promise<void>((done) => {
    other.on("message", (text) => String(text).includes("resumed") && done());
  });
  other.close();
}

test("4001: a lease that another process resumes twice is its own", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url });
  const call = await slots.call("support", "inbound");
  const { lease } = call.view as { lease: string };
  await resumeOnce(lease);
  await until("the client has resumed it", () => proxy.streams === 2);
  const other = await slots.call("support", "inbound");
  expect(other.view?.lease).toBe(lease);
  expect(call.lost.aborted).toBe(false);
  await other.end();
  await resumeOnce(lease);
  await until("it is lost", () => call.lost.aborted);
  expect(call.lost.reason.reason).toBe("taken_over");
  await call.end();
  expect((await server.live()).active).toBe(1);
  const mine = await slots.call("support", "inbound");
  expect(mine.view?.lease).not.toBe(lease);
  await mine.end();
});

test("closing finds a half-open connection, and the calls are ended and not left to the lease", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  const slots = server.client({ url: proxy.url, graceS: 60 });
  await slots.call("support", "inbound", { id: "half-open" });
  proxy.silenceStreams();
  const begun = Date.now();
  await slots.close();
  expect(Date.now() - begun).toBeLessThan(9_000);
  const { reason } = await server
    .client()
    .request<{ reason: string }>({ method: "GET", path: "/v1/calls/half-open" });
  expect(reason).toBe("completed");
});

test.each(["auto", "http"] as const)(
  "by %s: giving up a start does not end the call of another client",
  async (transport) => {
    await using proxy = await FaultyProxy.start(server.url);
    await using first = server.client();
    await using second = server.client({ url: proxy.url, transport });
    const id = `shared-${transport}`;
    const held = await first.call("support", "inbound", { id });
    await (await second.call("support", "inbound")).end();
    const stop = new AbortController();
    const stopped = new Promise<void>((done) => {
      stop.signal.addEventListener("abort", () => done());
    });
    proxy.delays = async (path) => {
      if (path === "/v1/calls") await stopped;
    };
    const starting = second.call("support", "inbound", { id, signal: stop.signal });
    const outcome = expect(starting).rejects.toThrow("given up");
    // It is on its way by then.
    await new Promise((done) => setImmediate(() => setImmediate(done)));
    stop.abort(new Error("given up"));
    await outcome;
    await second.close();
    expect(held.lost.aborted).toBe(false);
    expect((await server.live()).active).toBe(1);
  },
);

test("4002: calls of an ended lease are lost, and the next ones have a new lease", async () => {
  await using slots = server.client();
  const call = await slots.call("support", "inbound");
  await server.client().request({ method: "DELETE", path: `/v1/leases/${call.view?.lease}` });
  await until("it is lost", () => call.lost.aborted);
  expect(call.lost.reason.reason).toBe("lease_expired");
  const next = await slots.call("support", "inbound");
  expect(next.state).toBe("active");
});

test("a connection that has fallen silent is found out and replaced", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url, graceS: 60 });
  const call = await slots.call("support", "inbound");
  proxy.silenceStreams();
  await until("there is another stream", () => proxy.streams === 2, 40_000);
  await until("it is in use", () => slots.transport === "stream");
  expect(call.lost.aborted).toBe(false);
  await call.end();
});

test("a key that is not valid is said, not tried without end", async () => {
  await using slots = server.client({ key: "cs_engine_wrong" });
  await expect(slots.call("support", "inbound")).rejects.toMatchObject({ code: "unauthenticated" });
});

test("failOpen lets calls run, and reports what became of them", async () => {
  await using proxy = await FaultyProxy.start(server.url);
  await using slots = server.client({ url: proxy.url, failOpen: { afterMs: 500 } });
  const held = await slots.call("support", "inbound");
  proxy.isDown = true;
  proxy.cut();
  const [kept, over] = await Promise.all([
    slots.call("support", "inbound"),
    slots.call("support", "inbound"),
  ]);
  expect([kept.failedOpen, over.failedOpen, held.failedOpen]).toEqual([true, true, false]);
  const ended = over.end();
  expect(slots.failOpenReport).toEqual({ opened: 2, adopted: 0, ended: 1 });
  proxy.isDown = false;
  await ended;
  await until("it is adopted", () => !kept.failedOpen);
  expect(slots.failOpenReport).toEqual({ opened: 2, adopted: 1, ended: 1 });
  expect(held.lost.aborted).toBe(false);
  expect((await server.live()).active).toBe(2);
});
