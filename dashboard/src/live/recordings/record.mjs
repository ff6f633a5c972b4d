// Records what a real server says: all events of an organisation from its first one on, and between them, at several
// points, the pool and the lists of calls. The tests hold the reducer against it.
//
//   CALLSLOT_BIN=../target/release/callslot node src/live/recordings/record.mjs
//
// Writes changes.jsonl and deadlines.jsonl next to itself, or into the folder given as argument; a second and third
// argument are the seed and the number of steps. A line is {"event": …} or {"point": {pool, queued, active}}. What is
// null or empty in a call is left out.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Recorder } from "./recorder.mjs";

const [folder = import.meta.dirname, seed = "9", steps = "120"] = process.argv.slice(2);
const OPERATOR_KEY = "operator-key-of-the-recorder";
const TYPES = ["webcall", "chat", "outbound", "inbound"];

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const random = randomOf(Number(seed));
const below = (bound) => Math.floor(random() * bound);
const oneOf = (list) => list[below(list.length)];

/** Random calls and settings, one at a time and in batches, with settling and caps. */
async function recordChanges(recorder) {
  const { ask } = recorder;
  let calls = 0;
  let agents = ["b", "a", "B"];
  for (const agent of agents) await ask("PUT", `/v1/agents/${agent}`, { name: `Agent ${agent}` });
  const start = () => ({ id: `c${++calls}`, agent: oneOf(agents), type: oneOf(TYPES) });
  const end = async () => {
    const { items } = await ask("GET", "/v1/calls?limit=1000");
    if (items.length > 0) await ask("POST", `/v1/calls/${oneOf(items).id}/end`, {});
  };
  const reserve = () => {
    const slots = () => (random() < 0.6 ? 0 : below(3));
    const [webcall, chat, outbound, inbound] = TYPES.map(slots);
    const reservations = [{ agent: oneOf(agents), webcall, chat, outbound, inbound }];
    return ask("PUT", "/v1/reservations", { reservations });
  };
  const limit = async () => {
    await ask("PATCH", `/v1/orgs/${recorder.org}`, { limit_override: 3 + below(10) });
  };
  const cap = () => {
    const id = oneOf(agents);
    const settings = random() < 0.6 ? { cap: below(5) } : {};
    return ask("PUT", `/v1/agents/${id}`, { name: `Agent ${id}`, ...settings });
  };
  const typeCap = () => {
    const settings = random() < 0.6 ? { cap: below(6) } : {};
    return ask("PUT", `/v1/types/${oneOf(TYPES)}`, settings);
  };
  const replaceAgent = async () => {
    const id = `d${below(3)}`;
    if (agents.includes(id)) {
      const { status } = await ask("DELETE", `/v1/agents/${id}`);
      if (status === undefined) agents = agents.filter((agent) => agent !== id);
    } else {
      await ask("PUT", `/v1/agents/${id}`, { name: id, cap: 3 });
      agents.push(id);
    }
  };
  const plan = async () => {
    await ask("PUT", "/v1/plans/small", { name: "Small", limit: 8 + below(6) });
    await ask("PATCH", `/v1/orgs/${recorder.org}`, { plan: "small", limit_override: null });
  };
  const remove = () => ask("DELETE", `/v1/reservations/${oneOf(agents)}`);
  const batch = () => ask("POST", "/v1/calls/batch", { calls: [1, 2, 3, 4, 5].map(start) });
  const one = () => ask("POST", "/v1/calls", start());
  const caps = [cap, typeCap];
  const settings = [reserve, reserve, reserve, limit, limit, remove, ...caps, replaceAgent, plan];
  for (let step = 0; step < Number(steps); step++) {
    const moves = calls < 20 || random() < 0.2 ? [one, batch] : [one, end, end];
    await oneOf(random() < 0.4 ? settings : moves)();
    if (step % 16 === 15) await recorder.point();
  }
  await recorder.point();
}

/** Calls that nobody claims, leases that run out, waits that are too long: what happens without being asked for. */
async function recordDeadlines(recorder) {
  const { ask } = recorder;
  await ask("PATCH", `/v1/orgs/${recorder.org}`, { limit_override: 4 });
  for (const agent of ["a", "b"]) await ask("PUT", `/v1/agents/${agent}`, { name: agent });
  const chat = { webcall: 0, chat: 1, outbound: 0, inbound: 0 };
  await ask("PUT", "/v1/reservations", { reservations: [{ agent: "b", ...chat }] });
  const lease = (await ask("POST", "/v1/leases", { ttl_s: 5 })).id;
  const call = (id, agent, more) => ({ id, agent, type: "chat", ...more });
  const unclaimed = ["u1", "u2", "u3"].map((id) => call(id, "a", { claim_within_s: 1 }));
  const leased = ["l1", "l2"].map((id) => call(id, "b", { lease }));
  const impatient = ["w1", "w2"].map((id) => call(id, "a", { max_wait_s: 2 }));
  const patient = ["p1", "p2", "p3", "p4"].map((id) => call(id, "a"));
  const claimed = call("k1", "b", { claim_within_s: 1 });
  const calls = [...unclaimed, leased[0], claimed, ...impatient, leased[1], ...patient];
  await ask("POST", "/v1/calls/batch", { calls });
  await recorder.point();
  for (let second = 0; second < 8; second++) {
    await recorder.sleep(700);
    await ask("POST", "/v1/calls/k1/claim", {});
    await recorder.point();
    if (second === 2) await ask("POST", "/v1/calls", call("q1", "b"));
    if (second > 3) await ask("POST", `/v1/calls/p${second - 3}/end`, {});
  }
  await recorder.point();
}

function serve(data) {
  const bin = process.env.CALLSLOT_BIN ?? "../target/release/callslot";
  const env = { ...process.env, CALLSLOT_OPERATOR_KEY: OPERATOR_KEY };
  const server = spawn(bin, ["serve", "--listen", "127.0.0.1:0", "--data", data], { env });
  const address = new Promise((resolve, reject) => {
    let said = "";
    const hear = (text) => {
      said += text;
      const found = said.match(/http:\/\/127\.0\.0\.1:\d+/);
      if (found !== null) resolve(found[0]);
    };
    server.stdout.on("data", hear);
    server.stderr.on("data", hear);
    server.on("exit", () => reject(new Error(`the server ended:\n${said}`)));
  });
  return { server, address };
}

const data = mkdtempSync(join(tmpdir(), "callslot-record-"));
const { server, address } = serve(data);
try {
  const base = await address;
  for (const [name, drive] of Object.entries({
    changes: recordChanges,
    deadlines: recordDeadlines,
  })) {
    const recorder = new Recorder(base, OPERATOR_KEY, name);
    await recorder.begin();
    await recorder.point();
    await drive(recorder);
    writeFileSync(join(folder, `${name}.jsonl`), recorder.end());
  }
} finally {
  server.removeAllListeners("exit");
  server.kill("SIGTERM");
  await new Promise((resolve) => server.on("close", resolve));
  rmSync(data, { recursive: true });
}
