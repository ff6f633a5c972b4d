// The recipe for jambonz, as its page prints it, against a real server: `node jambonz.mjs PROGRAM SERVER ADMIN ENGINE`, in the folder of its
// `numbers.json`. jambonz itself is not here: `fake-jambonz.mjs` plays it, and jambonz's own packages judge both sides.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { Jambonz } from "./fake-jambonz.mjs";

const [program, server, admin, engineKey] = process.argv.slice(2);
const SECRET = "0123456789abcdef0123456789abcdef";
const NUMBER = "+4930123456";
const HASTY = "+4930123457";
const PIECE_MS = 550;
const SOON_MS = 10_000;

// A second number, whose engine does not answer and whose callers wait for a second.
const numbers = JSON.parse(readFileSync("numbers.json", "utf8"));
const engine = numbers[NUMBER].connect.sipUri;
const office = numbers[NUMBER].overflow.number;
const dead = engine.replace("support", "sales");
numbers[HASTY] = { ...numbers[NUMBER], agent: "sales", max_wait_s: 1, connect: { type: "sip", sipUri: dead } };
writeFileSync("numbers.json", JSON.stringify(numbers));

async function ask(path, method = "GET", body = undefined) {
  const headers = { authorization: `Bearer ${admin}`, "content-type": "application/json" };
  const answer = await fetch(server + path, { method, headers, body: body && JSON.stringify(body) });
  return JSON.parse((await answer.text()) || "null");
}

const cap = (agent, slots) => ask(`/v1/agents/${agent}`, "PUT", { name: agent, cap: slots });
const live = async (state) => (await ask(`/v1/calls?limit=1000&state=${state}`)).items;
const state = async (caller) => (await ask(`/v1/calls/${caller.sid}`)).state;

async function until(what, isSo) {
  const begun = Date.now();
  while (!(await isSo())) {
    assert(Date.now() - begun < SOON_MS, `${what}: not after ${SOON_MS} ms`);
    await sleep(20);
  }
}

/** What the server's log has of the calls of `support`. */
async function events() {
  const last = (await ask("/v1/concurrency")).as_of;
  // Without a filter: the last event comes at once, whatever it is.
  const answer = await fetch(`${server}/v1/events?after=0`, { headers: { authorization: `Bearer ${admin}` } });
  const found = [];
  let rest = "";
  for await (const part of answer.body) {
    const messages = (rest + Buffer.from(part).toString()).split("\n\n");
    rest = messages.pop();
    for (const message of messages) {
      const field = (name) => message.split("\n").find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      if (field("data") !== undefined) found.push({ name: field("event"), ...JSON.parse(field("data")) });
      if (Number(field("id")) >= last) return found;
    }
  }
  throw new Error("the stream of events ended");
}

/** How many waited: they got their slots in the order in which they came. */
async function inOrder() {
  const all = await events();
  const of = (name) => all.filter((event) => event.name === name && event.call.agent === "support").map(({ call }) => call.id);
  const [queued, started] = [of("call.queued"), of("call.started")];
  const came = queued.filter((id) => started.includes(id));
  assert.deepEqual(came, started.filter((id) => queued.includes(id)), "somebody was served out of order");
  return came.length;
}

/** The server's address as the recipe knows it, so that the server can seem to be away. */
async function relay(port = 0) {
  const open = new Set();
  const { hostname, port: there } = new URL(server);
  const listener = createServer((one) => {
    const other = connect(Number(there), hostname);
    for (const [socket, peer] of [[one, other], [other, one]]) {
      open.add(socket);
      socket.on("error", () => peer.destroy()).on("close", () => peer.destroy()).pipe(peer);
    }
  });
  await new Promise((resolve) => listener.listen(port, "127.0.0.1", resolve));
  const stop = () => {
    listener.close();
    for (const socket of open) socket.destroy();
  };
  return { port: listener.address().port, stop };
}

async function freePort() {
  const { port, stop } = await relay();
  stop();
  return port;
}

function run(port, to) {
  const access = { CALLSLOT_URL: `http://127.0.0.1:${to}`, CALLSLOT_KEY: engineKey, JAMBONZ_WEBHOOK_SECRET: SECRET, PORT: String(port) };
  const application = spawn(process.execPath, [program], { env: { ...process.env, ...access }, stdio: ["ignore", "pipe", "inherit"] });
  return new Promise((resolve) => application.stdout.once("data", () => resolve(application)));
}

let way = await relay();
const port = await freePort();
const application = await run(port, way.port);
const jambonz = new Jambonz(`http://127.0.0.1:${port}`, SECRET, { [engine]: true, [dead]: false, [office]: true });

/** Callers, one after the other, as far as the server has heard of them. */
async function callers(count, number = NUMBER) {
  const all = [];
  for (let i = 0; i < count; i += 1) {
    all.push(jambonz.call(number));
    await until("the server has the call", async () => (await state(all.at(-1))) !== undefined);
  }
  return all;
}

async function allAreOver(some) {
  await Promise.all(some.map((caller) => caller.over));
  await until("no call is live", async () => (await live("active")).length + (await live("queued")).length === 0);
}

const cases = {
  async "a call that does not wait"() {
    await cap("support", 1);
    const [caller] = await callers(1);
    await allAreOver([caller]);
    assert.deepEqual(caller.path, [engine]);
    assert.deepEqual(caller.heard, []);
  },

  async "a crowd"() {
    await cap("support", 3);
    const before = await inOrder();
    const all = Array.from({ length: 20 }, () => jambonz.call(NUMBER));
    await allAreOver(all);
    for (const { path } of all) assert.deepEqual(path, [engine]);
    const waited = (await inOrder()) - before;
    assert(waited >= 10, `only ${waited} waited`);
    const started = new Map((await events()).filter(({ name }) => name === "call.started").map(({ call, at }) => [call.id, Date.parse(at)]));
    const delays = all.map(({ sid, dialledAt }) => dialledAt - started.get(sid)).sort((one, other) => one - other);
    const median = delays[Math.floor(delays.length / 2)];
    assert(median < PIECE_MS + 1000, `${median} ms passed from a slot to its caller`);
    assert(all.some(({ heard }) => heard.some((it) => /^You are number \d+ in line/.test(it))), "nobody was told the place in line");
  },

  async "callers who hang up in line"() {
    await cap("support", 1);
    jambonz.talk = 2000;
    const all = await callers(4);
    all[1].hangUp();
    all[2].hangUp();
    await until("their places are free", async () => (await live("queued")).length === 1);
    await allAreOver(all);
    assert.deepEqual(all.map(({ path }) => path), [[engine], [], [], [engine]]);
    assert.equal((await ask(`/v1/calls/${all[1].sid}`)).reason, "canceled");
    jambonz.talk = 300;
  },

  async "a caller who hangs up while talking"() {
    jambonz.talk = 60_000;
    const [caller] = await callers(1);
    await until("it talks", async () => (await live("active")).length === 1);
    caller.hangUp();
    await allAreOver([caller]);
    jambonz.talk = 300;
  },

  async "ends of which only half arrives"() {
    await cap("support", 1);
    for (const lost of ["status", "actionHook"]) {
      jambonz.lost = lost;
      jambonz.talk = 1000;
      const all = await callers(2);
      await until("the second one is in line", () => all[1].heard.length > 0);
      all[1].hangUp();
      await allAreOver(all);
    }
    Object.assign(jambonz, { lost: undefined, talk: 300 });
  },

  async "callers who wait for too long"() {
    await cap("sales", 0);
    const all = await callers(2, HASTY);
    await allAreOver(all);
    for (const { path } of all) assert.deepEqual(path, [office]);
    assert.equal((await ask(`/v1/calls/${all[0].sid}`)).reason, "max_wait");
  },

  async "an engine that does not answer"() {
    await cap("sales", 1);
    jambonz.talk = 1500;
    const [caller] = await callers(1, HASTY);
    await until("the overflow talks", () => caller.path.includes(office));
    await until("the slot is free", async () => (await live("active")).length === 0);
    assert.deepEqual(caller.path, [dead, office]);
    await allAreOver([caller]);
    jambonz.talk = 300;
  },

  async "a call that an operator ends in line"() {
    await cap("support", 0);
    const [caller] = await callers(1);
    await ask(`/v1/calls/${caller.sid}/end`, "POST", {});
    await allAreOver([caller]);
    assert.deepEqual(caller.path, []);
  },

  async "a call that the server refuses"() {
    await ask("/v1/agents/sales", "DELETE");
    const caller = jambonz.call(HASTY);
    await allAreOver([caller]);
    assert.deepEqual(caller.path, [office]);
    await cap("sales", 1);
  },

  async "a server that is away"() {
    await cap("support", 1);
    jambonz.talk = 1000;
    const all = await callers(3);
    way.stop();
    all.push(jambonz.call(NUMBER));
    all[2].hangUp();
    await sleep(500);
    way = await relay(way.port);
    await allAreOver(all);
    assert.deepEqual(all.map(({ path }) => path), [[engine], [engine], [], [engine]]);
    jambonz.talk = 300;
  },

  async "numbers and senders that are not known"() {
    const caller = jambonz.call("+4930999000");
    await caller.over;
    assert.deepEqual(caller.path, ["declined"]);
    assert.equal((await jambonz.post("/call", { call_sid: "1", to: NUMBER }, "wrong")).status, 403);
    assert.equal((await fetch(`${jambonz.url}/call`, { method: "POST", body: "{}" })).status, 403);
  },
};

let current = "";
try {
  for (const [name, run] of Object.entries(cases)) {
    current = name;
    const begun = Date.now();
    await run();
    assert.deepEqual(jambonz.faults, []);
    console.log(`${name}: ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  }
} catch (error) {
  console.error(`jambonz.mjs failed with ${current}:`, error, ...jambonz.faults);
  process.exitCode = 1;
}
application.kill();
way.stop();
