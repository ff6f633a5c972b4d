// @ts-check
/**
 * The program of the conformance suite: runs calls through the SDK's main shape and says what it believes.
 *
 * `CALLSLOT_URL=… CALLSLOT_KEY=… node conformance/program.mjs --calls 100 --concurrency 10 --agent support --type inbound
 * --seed 1 --hold-ms 20 </dev/null`, after `npm run build`: that many calls, and more until its stdin ends. It prints one line of JSON for each step: `begin`, `held`, `released`, `lost`
 * or `failed`, and at last `done`.
 */
import { parseArgs } from "node:util";
import { CallEndedError, Callslot, ProblemError } from "../dist/index.js";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "10" },
    concurrency: { type: "string", default: "1" },
    agent: { type: "string", default: "support" },
    type: { type: "string", default: "inbound" },
    seed: { type: "string", default: "0" },
    "hold-ms": { type: "string", default: "10" },
  },
});
const calls = Number(values.calls);
const holdMs = Number(values["hold-ms"]);
const type = /** @type {import("../dist/index.js").CallType} */ (values.type);

/** @param {Record<string, unknown>} step */
function say(step) {
  process.stdout.write(`${JSON.stringify({ t: Date.now(), ...step })}\n`);
}

/** @param {unknown} error */
function why(error) {
  if (error instanceof CallEndedError) return error.reason;
  if (error instanceof ProblemError) return error.code;
  return error instanceof Error ? error.name : String(error);
}

/**
 * @param {AbortSignal} lost
 * @param {number} ms
 * @returns {Promise<boolean>}
 */
function isLostWithin(lost, ms) {
  if (lost.aborted) return Promise.resolve(true);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    lost.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/**
 * @param {Callslot} slots
 * @param {string} id
 */
async function runCall(slots, id) {
  say({ id, at: "begin" });
  try {
    // What `await using` does, which Node 20 cannot read.
    const call = await slots.call(values.agent, type, { id });
    try {
      say({ id, at: "held" });
      const isLost = await isLostWithin(call.lost, holdMs);
      // From here on it is not believed to be held.
      say(isLost ? { id, at: "lost", why: why(call.lost.reason) } : { id, at: "released" });
    } finally {
      await call[Symbol.asyncDispose]();
    }
  } catch (error) {
    say({ id, at: "failed", why: why(error) });
  }
}

const slots = Callslot.fromEnv();
let next = 0;
// The calls go on for as long as the suite has faults.
let mayStop = false;
// A pipe that breaks closes, and a file that is read ends.
for (const over of ["end", "close"])
  process.stdin.once(over, () => {
    mayStop = true;
  });
process.stdin.resume();
const workers = Array.from({ length: Number(values.concurrency) }, async () => {
  while (next < calls || !mayStop) {
    const n = next;
    next += 1;
    await runCall(slots, `typescript-${values.seed}-${n}`);
  }
});
await Promise.all(workers);
await slots.close();
say({ at: "done" });
