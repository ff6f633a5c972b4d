import type { Pool } from "../../../domain";
import { count, duration } from "../../../format";

interface HeadlineParts {
  inUse: string;
  free: string;
  waiting: string;
}

/** How full the pool is and who waits, in three short parts. */
export function headline(
  pool: Pick<Pool, "active" | "limit" | "queued">,
  oldestRequestedAt: string | undefined,
  nowMs: number,
): HeadlineParts {
  const free = Math.max(0, pool.limit - pool.active);
  return {
    inUse: `${count(pool.active)} of ${count(pool.limit)} in use`,
    free: `${count(free)} free`,
    waiting: waiting(pool.queued, oldestRequestedAt, nowMs),
  };
}

function waiting(queued: number, oldestRequestedAt: string | undefined, nowMs: number): string {
  if (queued === 0) return "none waiting";
  const many = `${count(queued)} waiting`;
  if (oldestRequestedAt === undefined) return many;
  return `${many}, longest ${duration(nowMs - Date.parse(oldestRequestedAt))}`;
}
