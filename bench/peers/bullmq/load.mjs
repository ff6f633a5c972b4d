// BullMQ as a pool of call slots: the queue's global concurrency is the limit, a job is a call. The load is that of
// `callslot bench`: clients, each with a connection, with several calls under way on it; they add a call and add the next
// one when it is over. Prints what it measured in the form of `callslot bench --json`.
//
// A call has its slot when its job becomes active, and frees it when its job completes; the processor returns at once. Both
// are told by QueueEvents, which is how a program learns of them without asking. The worker runs in a process of its own, as
// the manual has it. Ended ids are kept for ten minutes, so that adding one again does nothing.
//
// node load.mjs PORT CONNECTIONS PIPELINE DURATION_S WARM_UP_S

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { Queue, QueueEvents, Worker } from 'bullmq';

const LIMIT = 100_000;
const AGENTS = 10;
const TYPES = ['webcall', 'chat', 'outbound', 'inbound'];
const REMEMBERED_S = 600;
const NAME = 'calls';

const [port, connections, pipeline, duration, warmUp] = process.argv.slice(2).map(Number);
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };

if (process.env.CALLSLOT_PEERS_WORKER) {
  await beWorker();
} else {
  await beClients();
}

async function beWorker() {
  const worker = new Worker(NAME, async () => {}, {
    connection,
    concurrency: connections * pipeline,
    removeOnComplete: { age: REMEMBERED_S },
  });
  worker.on('error', fail);
  await worker.waitUntilReady();
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

async function beClients() {
  const worker = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, CALLSLOT_PEERS_WORKER: '1' },
  });
  worker.on('exit', () => fail(new Error('the worker ended')));
  await new Promise((ready) => worker.once('message', ready));

  // The calls under way: whom to tell when a job is active, and when it is completed.
  const underWay = new Map();
  const events = new QueueEvents(NAME, { connection });
  events.on('error', fail);
  events.on('active', ({ jobId }) => underWay.get(jobId)?.started());
  events.on('completed', ({ jobId }) => underWay.get(jobId)?.ended());
  await events.waitUntilReady();

  const queues = Array.from({ length: connections }, () => new Queue(NAME, { connection }));
  await Promise.all(queues.map((queue) => queue.waitUntilReady()));
  await queues[0].setGlobalConcurrency(LIMIT);

  const run = randomBytes(8).toString('hex');
  const begun = performance.now();
  const measuredFrom = begun + warmUp * 1000;
  const until = measuredFrom + duration * 1000;
  const starts = [];
  const ends = [];

  async function work(queue, number) {
    for (let done = 0; ; done += 1) {
      const asked = performance.now();
      if (asked >= until) return;
      const id = `bench-${run}-${number}-${done}`;
      const call = { agent: `bench-${drawn(AGENTS)}`, type: TYPES[drawn(TYPES.length)] };
      const { started, ended } = await one(queue, id, call);
      if (ended >= measuredFrom && ended <= until) {
        starts.push(started - asked);
        ends.push(ended - started);
      }
    }
  }

  // Adds a call; tells when it was known to have its slot, and to be over.
  function one(queue, id, call) {
    return new Promise((over, failed) => {
      let startedAt;
      underWay.set(id, {
        started: () => {
          startedAt = performance.now();
        },
        ended: () => {
          underWay.delete(id);
          over({ started: startedAt, ended: performance.now() });
        },
      });
      queue.add('call', call, { jobId: id }).catch(failed);
    });
  }

  const shares = queues.flatMap((queue) => Array(pipeline).fill(queue));
  await Promise.all(shares.map(work));
  console.log(
    JSON.stringify({
      door: 'bullmq',
      connections,
      pipeline,
      measured_s: duration,
      pairs: starts.length,
      pairs_per_s: starts.length / duration,
      failed: 0,
      start_us: percentiles(starts),
      end_us: percentiles(ends),
    }),
  );
  process.exit();
}

function drawn(below) {
  return Math.floor(Math.random() * below);
}

function percentiles(times) {
  const sorted = Float64Array.from(times).sort();
  const at = (part) => Math.round((sorted[Math.ceil(sorted.length * part) - 1] ?? 0) * 1000);
  return { min: at(1e-12), p50: at(0.5), p90: at(0.9), p99: at(0.99), p99_9: at(0.999), max: at(1) };
}

function fail(error) {
  console.error(`bullmq: ${error.message}`);
  process.exit(1);
}
