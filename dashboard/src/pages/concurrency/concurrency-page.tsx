import { useCallback, useState } from "react";
import type { Pool } from "../../domain";
import { useLive, useLiveStatus } from "../../live/live-provider";
import { Loading, Page } from "../../ui/page";
import { ProblemNote } from "../../ui/problem-note";
import { Advice } from "./advice/advice";
import { ReservedTable } from "./agents/reserved-table";
import { UnreservedTable } from "./agents/unreserved-table";
import { Overview } from "./pool-bar/overview";
import { useAgentColors } from "./pool-bar/use-agent-colors";
import { QueueSection } from "./queue/queue-section";
import { RemoveReservations } from "./reserve/remove-reservations";
import { type ReserveFor, ReservePanel } from "./reserve/reserve-panel";

/** How full the pool is, who holds what, who waits, and what to change. */
export function ConcurrencyPage() {
  const pool = useLive((live) => live.pool);
  const link = useLiveStatus();
  if (pool === undefined) {
    return (
      <Page title="Concurrency">
        {!link.isFinal && <Loading what="the pool" />}
        <ProblemNote error={link.problem} />
      </Page>
    );
  }
  return (
    <Page title="Concurrency">
      <PoolNow pool={pool} isStale={link.state === "stale"} />
    </Page>
  );
}

/** All is grey and pale, and can still be read. */
const STALE_LOOK =
  "text-text opacity-90 grayscale [--text:var(--muted)] [--warning:var(--muted)] [--accent:var(--muted)]";

function PoolNow({ pool, isStale }: { pool: Pool; isStale: boolean }) {
  const colors = useAgentColors(pool);
  const [reserveFor, setReserveFor] = useState<ReserveFor>();
  const [removeId, setRemoveId] = useState<string>();
  const add = useCallback(() => setReserveFor("choose"), []);
  const edit = useCallback((agent: string) => setReserveFor({ agent }), []);
  return (
    <>
      <div
        className={`flex flex-col gap-6 transition-opacity ${isStale ? STALE_LOOK : ""}`}
        data-stale={isStale || undefined}
      >
        <Overview pool={pool} colors={colors} />
        <Advice pool={pool} onEdit={edit} />
        <ReservedTable
          pool={pool}
          colors={colors}
          onAdd={add}
          onEdit={edit}
          onRemove={setRemoveId}
        />
        <UnreservedTable pool={pool} onReserve={edit} />
        <QueueSection pool={pool} />
      </div>
      <ReservePanel
        pool={pool}
        colors={colors}
        reserveFor={reserveFor}
        onChoose={edit}
        onChooseAgain={add}
        onClose={() => setReserveFor(undefined)}
      />
      <RemoveReservations
        pool={pool}
        agent={pool.agents.find(({ id }) => id === removeId)}
        onClose={() => setRemoveId(undefined)}
      />
    </>
  );
}
