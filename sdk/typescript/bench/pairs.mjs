// @ts-check
/**
 * How many slots one process takes and gives back in a second: by this package on the engine stream and, in the same run, by
 * `ioredis` with a Lua script, which is what people write by hand.
 *
 * `CALLSLOT_URL=… CALLSLOT_KEY=… REDIS_URL=redis://127.0.0.1:6379 node bench/pairs.mjs [SECONDS] [AT_ONCE]`, after
 * `npm run build`. The organisation's limit must be above `AT_ONCE`, and it must have the agent `support`. A part without its
 * address is left out.
 */
import { Redis } from "ioredis";
import { Callslot } from "../dist/index.js";

const seconds = Number(process.argv[2] ?? 5);
const atOnce = Number(process.argv[3] ?? 256);

/**
 * @param {string} name
 * @param {() => Promise<void>} pair
 */
async function measure(name, pair) {
  const work = async (/** @type {number} */ ms) => {
    const until = performance.now() + ms;
    /** @type {number[]} */
    const took = [];
    const workers = Array.from({ length: atOnce }, async () => {
      while (performance.now() < until) {
        const begun = performance.now();
        await pair();
        took.push(performance.now() - begun);
      }
    });
    await Promise.all(workers);
    return took.sort((a, b) => a - b);
  };
  await work(1000);
  const cpu = process.cpuUsage();
  const took = await work(seconds * 1000);
  const used = process.cpuUsage(cpu);
  const cpuShare = (used.user + used.system) / 1e6 / seconds;
  console.log(
    `${name}: ${Math.round(took.length / seconds)} pairs/s, p50 ${took[took.length >> 1]?.toFixed(1)} ms, ` +
      `p99 ${took[Math.floor(took.length * 0.99)]?.toFixed(1)} ms, this process used ${cpuShare.toFixed(2)} cores`,
  );
}

/** Takes a slot if one is free and remembers until when it holds without a renewal. */
const ACQUIRE = `
redis.call("zremrangebyscore", KEYS[1], "-inf", ARGV[1])
if redis.call("zcard", KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call("zadd", KEYS[1], ARGV[3], ARGV[4])
return 1`;

const { REDIS_URL, CALLSLOT_URL } = process.env;
for (let round = 0; round < 2; round += 1) {
  if (CALLSLOT_URL) {
    const slots = Callslot.fromEnv();
    await measure("callslot, durable", async () => {
      const call = await slots.call("support", "inbound");
      await call.end();
    });
    await slots.close();
  }
  if (REDIS_URL) {
    const redis = new Redis(REDIS_URL, { enableAutoPipelining: true });
    redis.defineCommand("acquire", { numberOfKeys: 1, lua: ACQUIRE });
    const { acquire } = /** @type {{ acquire: (...words: unknown[]) => Promise<number> }} */ (
      /** @type {unknown} */ (redis)
    );
    await measure("ioredis with a Lua script", async () => {
      const id = crypto.randomUUID();
      const now = Date.now();
      await acquire.call(redis, "bench:slots", now, atOnce * 2, now + 30_000, id);
      await redis.zrem("bench:slots", id);
    });
    redis.disconnect();
  }
}
