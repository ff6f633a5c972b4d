/** The conformance suite's program, through a proxy that loses what it likes and a server that is killed meanwhile. */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { FaultyProxy } from "./support/faulty-proxy.js";
import { Server, until } from "./support/server.js";

const program = fileURLToPath(new URL("../conformance/program.mjs", import.meta.url));

interface Step {
  t: number;
  id: string;
  at: "begin" | "held" | "released" | "lost" | "failed" | "done";
  why?: string;
}

function run(url: string, key: string, args: string[]): Promise<{ steps: Step[]; code: unknown }> {
  const env = { ...process.env, CALLSLOT_URL: url, CALLSLOT_KEY: key };
  const child = spawn(process.execPath, [program, ...args], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (part) => {
    out += part;
  });
  return new Promise((done) => {
    child.on("close", (code) => {
      const steps = out.trim().split("\n");
      done({ steps: steps.map((line) => JSON.parse(line) as Step), code });
    });
  });
}

test.each([false, true])(
  "2,000 calls over a bad network leak nothing and start once each (WebSockets blocked: %s)",
  async (isBlocked) => {
    await using server = await Server.start(20);
    await using proxy = await FaultyProxy.start(server.url);
    proxy.blocksWebSockets = isBlocked;
    let seed = 7;
    const chance = () => {
      seed = (seed * 48271) % 2147483647;
      return seed / 2147483647;
    };
    let lost = 0;
    proxy.loses = () => {
      const isLost = chance() < 0.01;
      if (isLost) lost += 1;
      return isLost;
    };
    const args = ["--calls", "2000", "--concurrency", "60", "--hold-ms", "20", "--seed", "a"];
    const ran = run(proxy.url, server.key, args);
    let isOver = false;
    void ran.then(() => {
      isOver = true;
    });
    for (let kills = 0; kills < 5 && !isOver; kills += 1) {
      await new Promise((done) => setTimeout(done, 700));
      await server.down("SIGKILL");
      await server.up();
    }
    const { steps, code } = await ran;
    expect(code).toBe(0);
    expect(steps.at(-1)?.at).toBe("done");
    expect(lost).toBeGreaterThan(5);
    const of = (at: Step["at"]) => steps.filter((step) => step.at === at);
    expect(of("failed")).toEqual([]);
    expect(of("lost")).toEqual([]);
    expect(of("held").length).toBe(2000);
    expect(new Set(of("released").map((step) => step.id)).size).toBe(2000);
    await until("no call is left", async () => {
      const { active, queued } = await server.live();
      return active + queued === 0;
    });
    // As the server's log has it, each call had a slot once and was ended by its program.
    const started = new Map<string, number>();
    const ended = new Map<string, string | null>();
    const stop = new AbortController();
    const { as_of } = await server.client().settings.pool();
    for await (const event of server.client().events({ after: 0, signal: stop.signal })) {
      if (event.event === "call.started") {
        started.set(event.call.id, (started.get(event.call.id) ?? 0) + 1);
      }
      if (event.event === "call.ended") ended.set(event.call.id, event.call.reason);
      if (event.seq >= as_of) break;
    }
    expect(started.size).toBe(2000);
    expect([...started.values()].every((times) => times === 1)).toBe(true);
    expect(new Set(ended.values())).toEqual(new Set(["completed"]));
  },
  180_000,
);
