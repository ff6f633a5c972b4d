// DBOS as a pool of call slots: a queue's global concurrency is the limit, a workflow is a call, all of it in PostgreSQL. The load is that
// of `callslot bench`: callers, each with several calls under way, that start a call and end it, one after the other. Prints what it
// measured in the form of `callslot bench --json`.
//
// A call has its slot when its workflow runs, which says so with an event, and frees it when it is sent the end. The workflows run in
// a process of their own, as the manual has it. A workflow's id makes its start idempotent.
//
// node load.mjs DATABASE_URL CALLERS PIPELINE DURATION_S WARM_UP_S

import { fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';

const LIMIT = 100_000;
const AGENTS = 10;
const TYPES = ['webcall', 'chat', 'outbound', 'inbound'];
const NAME = 'calls';
// Both poll. The manual's second would be all that is measured.
const POLL_MS = 50;
// Connections of each process to PostgreSQL.
const CONNECTIONS = 40;

const url = process.argv[2];
const [callers, pipeline, duration, warmUp] = process.argv.slice(3).map(Number);

if (process.env.CALLSLOT_PEERS_WORKER) {
  await beWorker();
} else {
  await beClients();
}

async function beWorker() {
  DBOS.registerWorkflow(
    async () => {
      await DBOS.setEvent('active', true);
      await DBOS.recv('end', 600);
    },
    { name: 'call' },
  );
  DBOS.setConfig({
    name: NAME,
    systemDatabaseUrl: url,
    systemDatabasePoolSize: CONNECTIONS,
    logLevel: 'error',
  });
  await DBOS.launch();
  await DBOS.registerQueue(NAME, { globalConcurrency: LIMIT, minPollingIntervalMs: POLL_MS });
  process.on('disconnect', () => process.exit());
  process.send('ready');
}

async function beClients() {
  const worker = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    env: { ...process.env, CALLSLOT_PEERS_WORKER: '1' },
  });
  worker.on('exit', () => fail(new Error('the worker ended')));
  await new Promise((ready) => worker.once('message', ready));
  const client = await DBOSClient.create({
    systemDatabaseUrl: url,
    systemDatabasePoolSize: CONNECTIONS,
    applicationName: NAME,
  });

  const run = randomBytes(8).toString('hex');
  const begun = performance.now();
  const measuredFrom = begun + warmUp * 1000;
  const until = measuredFrom + duration * 1000;
  const starts = [];
  const ends = [];

  async function work(_, number) {
    for (let done = 0; performance.now() < until; done += 1) {
      const id = `bench-${run}-${number}-${done}`;
      const call = { agent: `bench-${drawn(AGENTS)}`, type: TYPES[drawn(TYPES.length)] };
      const asked = performance.now();
      await client.enqueue({ queueName: NAME, workflowName: 'call', workflowID: id }, call);
      await client.getEvent(id, 'active', { timeoutSeconds: 60, pollingIntervalMs: POLL_MS });
      const started = performance.now();
      await client.send(id, 'over', 'end', `${id}-end`);
      const ended = performance.now();
      if (ended >= measuredFrom && ended <= until) {
        starts.push(started - asked);
        ends.push(ended - started);
      }
    }
  }

  await Promise.all(Array.from({ length: callers * pipeline }, work));
  console.log(
    JSON.stringify({
      door: 'dbos',
      connections: callers,
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
  console.error(`dbos: ${error.message}`);
  process.exit(1);
}
