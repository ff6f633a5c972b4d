import { expect, test } from "vitest";
import type { Server } from "./server";
import { world } from "./world";

const AGENTS = 1_000;
const QUEUED = 10_000;
const EVENTS_PER_S = 200;
const WATCHED_S = 10;
/** From here on a browser calls a task long. */
const LONG_TASK_MS = 50;
/** The category of Chromium's trace that has the tasks of a page's thread. */
const TASKS = "disabled-by-default-devtools.timeline";

const here = world(async (server) => {
  for (let first = 0; first < AGENTS; first += 50) {
    await Promise.all(Array.from({ length: 50 }, (_, n) => server.putAgent(agent(first + n))));
  }
  await server.ask("PATCH", "/v1/orgs/default", { limit_override: 2_000 }, server.operatorKey);
  const reservations = Array.from({ length: AGENTS }, (_, n) => ({ agent: agent(n), chat: 1 }));
  await server.ask("PUT", "/v1/reservations", { reservations });
  await startMany(server, 2_000 - AGENTS + QUEUED);
});

function agent(n: number): string {
  return `agent-${String(n).padStart(4, "0")}`;
}

async function startMany(server: Server, total: number): Promise<void> {
  for (let first = 0; first < total; first += 1_000) {
    const calls = Array.from({ length: 1_000 }, (_, n) => ({
      id: `many-${first + n}`,
      agent: agent((first + n) % AGENTS),
      type: "inbound",
    }));
    await server.ask("POST", "/v1/calls/batch", { calls });
  }
}

test("a thousand agents and ten thousand queued calls stay few rows and few renders", async () => {
  const { page, context } = await here.visitor();
  const browser = context.browser();
  if (browser === null) throw new Error("the context has a browser");
  await page.getByRole("button", { name: /^Waiting 10,000 / }).waitFor();
  const rows = await page.evaluate(() => document.querySelectorAll("tr, [role=row]").length);
  expect(rows).toBeLessThan(400);

  await browser.startTracing(page, { categories: ["__metadata", "toplevel", TASKS] });
  const watching = page.evaluate(async (seconds) => {
    const tile = document.querySelector("[data-tile=Waiting]");
    if (!tile) throw new Error("there is no tile of who waits");
    let renders = 0;
    const numbers = () => tile.textContent;
    let shown = numbers();
    const mutations = new MutationObserver(() => {
      if (numbers() === shown) return;
      shown = numbers();
      renders += 1;
    });
    mutations.observe(tile, { subtree: true, childList: true, characterData: true });
    let longest = 0;
    let last = performance.now();
    const end = last + seconds * 1_000;
    await new Promise<void>((done) => {
      const frame = (now: number) => {
        longest = Math.max(longest, now - last);
        last = now;
        if (now < end) requestAnimationFrame(frame);
        else done();
      };
      requestAnimationFrame(frame);
    });
    return { renders, longestFrameMs: Math.round(longest) };
  }, WATCHED_S);
  await endSteadily(here.server);
  const { renders, longestFrameMs } = await watching;
  const { cpuMs, wallMs } = longestTasks(await browser.stopTracing());
  console.log(
    `${EVENTS_PER_S} events/s for ${WATCHED_S} s: ${renders} renders of a tile, longest frame ${longestFrameMs} ms, longest task ${cpuMs} ms of CPU, ${wallMs} ms with what else the machine did`,
  );
  expect(cpuMs).toBeGreaterThan(0);
  expect(cpuMs).toBeLessThanOrEqual(LONG_TASK_MS);
  expect(renders).toBeGreaterThan(WATCHED_S);
  expect(renders).toBeLessThanOrEqual(4 * WATCHED_S + 1);
});

/** Ends calls at a steady pace; each end starts a queued call, which makes two events. */
async function endSteadily(server: Server): Promise<void> {
  const perTick = EVENTS_PER_S / 2 / 10;
  const begun = Date.now();
  for (let tick = 0; tick < WATCHED_S * 10; tick += 1) {
    const ends = Array.from({ length: perTick }, (_, n) =>
      server.endCall(`many-${tick * perTick + n}`),
    );
    await Promise.all(ends);
    const ahead = begun + (tick + 1) * 100 - Date.now();
    if (ahead > 0) await new Promise((resume) => setTimeout(resume, ahead));
  }
}

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  /** In microseconds: the time of the clock, and the thread's own time on a processor. */
  dur?: number;
  tdur?: number;
  args: { name?: string };
}

/** The longest tasks of the pages' main threads. A machine that does other things stretches the clock's time, and not the CPU's. */
function longestTasks(trace: Buffer): { cpuMs: number; wallMs: number } {
  const { traceEvents } = JSON.parse(trace.toString()) as { traceEvents: TraceEvent[] };
  const thread = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
  const main = new Set(
    traceEvents
      .filter(
        ({ ph, name, args }) =>
          ph === "M" && name === "thread_name" && args.name === "CrRendererMain",
      )
      .map(thread),
  );
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && main.has(thread(event)));
  const longestMs = (us: (number | undefined)[]) =>
    Math.round(Math.max(0, ...us.map((it) => it ?? 0)) / 1_000);
  return {
    cpuMs: longestMs(tasks.map(({ tdur }) => tdur)),
    wallMs: longestMs(tasks.map(({ dur }) => dur)),
  };
}
