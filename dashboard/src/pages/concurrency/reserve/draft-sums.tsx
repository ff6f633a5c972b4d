import type { Pool, PoolAgent } from "../../../domain";
import { count } from "../../../format";
import type { Sums } from "./draft";

/** The sums of a draft, and why it cannot be saved. */
export function DraftSums(props: {
  pool: Pool;
  agent: PoolAgent;
  sums: Sums;
  wrong: string | undefined;
}) {
  const { pool, agent, sums, wrong } = props;
  const isBelowZero = sums.sharedLeft < 0;
  return (
    <div className="flex flex-col gap-2 rounded-md bg-sunken p-3">
      <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-4 gap-y-1">
        <dt>Total reserved concurrency</dt>
        <dd className="text-right font-semibold">{count(sums.own)}</dd>
        <dt className={isBelowZero ? "text-danger" : ""}>Shared concurrency left</dt>
        <dd className={`text-right font-semibold ${isBelowZero ? "text-danger" : ""}`}>
          {count(sums.sharedLeft).replace("-", "−")}
        </dd>
        <dt className="text-muted">Reserved for all agents</dt>
        <dd className="text-right text-muted">
          {count(sums.all)} of {count(pool.limit)}
        </dd>
        {agent.cap !== null && (
          <>
            <dt className="text-muted">The agent's cap</dt>
            <dd className="text-right text-muted">{count(agent.cap)}</dd>
          </>
        )}
      </dl>
      <p role="status" className="break-words text-danger empty:hidden">
        {wrong}
      </p>
    </div>
  );
}
