import { useMemo } from "react";
import type { Pool } from "../../../domain";
import { count, counted } from "../../../format";
import { useLive, useNow } from "../../../live/live-provider";
import { Card } from "../../../ui/page";
import type { AgentColor } from "./agent-colors";
import { headline } from "./headline";
import { PoolBar, PoolLegend } from "./pool-bar";
import { barOf } from "./pool-bar-segments";

/** How full the pool is, and who holds what. */
export function Overview({
  pool,
  colors,
}: {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
}) {
  const bar = useMemo(() => barOf(pool, colors), [pool, colors]);
  const reserved = `${count(pool.reserved)} of ${counted(pool.limit, "slot")} reserved`;
  return (
    <Card>
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-start justify-between gap-x-8 gap-y-3">
          <Headline pool={pool} />
          <dl className="flex min-w-0 gap-8">
            <Fact name="Total concurrency" value={count(pool.limit)} />
            <Fact name="Plan" value={pool.plan} />
          </dl>
        </div>
        <PoolBar bar={bar} label={`${reserved}, ${count(pool.active)} in use`} />
        <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-2">
          <p>{reserved}</p>
          <PoolLegend bar={bar} />
        </div>
      </div>
    </Card>
  );
}

function Headline({ pool }: { pool: Pool }) {
  const oldest = useLive((live) => live.queue[0]?.requested_at);
  const parts = headline(pool, oldest, useNow(1000));
  return (
    <p className="flex min-h-[2lh] min-w-0 flex-1 basis-72 flex-wrap content-start gap-x-2 font-semibold text-xl sm:min-h-0">
      <span>{parts.inUse}</span>
      <Dot />
      <span>{parts.free}</span>
      <Dot />
      <span className={pool.queued > 0 ? "text-warning" : "text-muted"}>{parts.waiting}</span>
    </p>
  );
}

function Dot() {
  return <span className="text-muted">·</span>;
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted">{name}</dt>
      <dd className="max-w-40 truncate font-semibold text-base" title={value}>
        {value}
      </dd>
    </div>
  );
}
