import { useCallback, useDeferredValue, useMemo, useState } from "react";
import { useBarred } from "../../auth/session";
import type { Pool } from "../../domain";
import { useLive, useLiveStatus } from "../../live/live-provider";
import { Button } from "../../ui/control/button";
import { ProblemNote } from "../../ui/message/problem-note";
import { Loading } from "../../ui/page/page";
import { WidePage } from "../../ui/page/wide-page";
import { Advice } from "./advice/advice";
import { FirstSteps } from "./first-steps/first-steps";
import { Actions } from "./matrix/agent-menu";
import { Overview } from "./pool-bar/overview";
import { useAgentColors } from "./pool-bar/use-agent-colors";
import { RemoveReservations } from "./reserve/remove-reservations";
import { ReservePanel, type Suggested } from "./reserve/reserve-panel";
import { Tiles } from "./tiles/tiles";
import { useAddress } from "./use-address";
import { WorkCard } from "./work-card";

/** How full the pool is, who holds what, who waits, and what to change. */
export function ConcurrencyPage() {
  const pool = useLive((live) => live.pool);
  const link = useLiveStatus();
  if (pool === undefined) {
    return (
      <WidePage title="Concurrency">
        {!link.isFinal && <Loading what="the pool" />}
        <ProblemNote error={link.problem} />
      </WidePage>
    );
  }
  return <PoolNow pool={pool} isStale={link.state === "stale"} />;
}

/** All is grey and pale, and can still be read. */
const STALE_LOOK =
  "text-text opacity-90 grayscale [--text:var(--muted)] [--warning:var(--muted)] [--accent:var(--muted)]";

function PoolNow({ pool, isStale }: { pool: Pool; isStale: boolean }) {
  // What is long is drawn a little later and in pieces: keys and the pointer need not wait for a thousand agents.
  const laterPool = useDeferredValue(pool);
  const colors = useAgentColors(pool);
  const { tab, view, reserveFor, show, chooseTab, openPanel, closePanel } = useAddress();
  const [removeId, setRemoveId] = useState<string>();
  const [suggested, setSuggested] = useState<Suggested>();
  const barred = useBarred("admin");
  const actions = useMemo(
    () => ({
      barred,
      onEdit: (agent: string) => {
        setSuggested(undefined);
        openPanel({ agent });
      },
      onRemove: setRemoveId,
    }),
    [barred, openPanel],
  );
  const suggest = useCallback(
    (next: Suggested) => {
      setSuggested(next);
      openPanel({ agent: next.agent });
    },
    [openPanel],
  );
  const choose = () => {
    setSuggested(undefined);
    openPanel("choose");
  };
  return (
    <Actions value={actions}>
      <WidePage
        title="Concurrency"
        tabCount={pool.queued}
        actions={
          <Button kind="primary" disabledBecause={barred} onClick={choose}>
            Reserve slots
          </Button>
        }
      >
        <div
          className={`flex flex-col gap-4 transition-opacity ${isStale ? STALE_LOOK : ""}`}
          data-stale={isStale || undefined}
        >
          <FirstSteps key={pool.org} pool={pool} onReserve={choose} />
          <Tiles pool={pool} onShow={show} />
          <Overview pool={pool} colors={colors} view={view} onShow={show} />
          <Advice pool={laterPool} onSuggest={suggest} />
          <WorkCard
            pool={laterPool}
            colors={colors}
            tab={tab}
            view={view}
            onTab={chooseTab}
            onShow={show}
          />
        </div>
      </WidePage>
      <ReservePanel
        pool={pool}
        reserveFor={reserveFor}
        suggested={suggested}
        onOpen={openPanel}
        onClose={closePanel}
      />
      <RemoveReservations
        pool={pool}
        agent={pool.agents.find(({ id }) => id === removeId)}
        onClose={() => setRemoveId(undefined)}
      />
    </Actions>
  );
}
