import { memo, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { useBarred } from "../../../auth/session";
import type { Pool, PoolAgent } from "../../../domain";
import { counted } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { WindowedTable } from "../../../ui/table/windowed-table";
import type { AgentColor } from "../pool-bar/agent-colors";
import type { NumberChange } from "../reserve/put-slots";
import { useRecent } from "../use-recent";
import { agentCard } from "./agent-card";
import { Cells, useCellEdits } from "./cell-edit";
import { Chips } from "./chips";
import { useHeldOrder } from "./held-order";
import { longWaits } from "./long-waits";
import { matrixColumns, matrixFoot } from "./matrix-columns";
import { type LongWaits, matrixRows, totalsOf, type View } from "./matrix-rows";
import { oldestWaits } from "./oldest-waits";
import { Waits } from "./type-cell";
import { UndoNote } from "./undo-note";

interface MatrixProps {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  view: View;
  onShow: (view: Partial<View>) => void;
}

/** Every agent, with what it uses, keeps free and waits for by call type. */
export function Matrix({ pool, colors, view, onShow }: MatrixProps) {
  const queue = useDeferredValue(useLive((live) => live.queue));
  const oldest = useMemo(() => oldestWaits(queue ?? [], pool.agents), [queue, pool.agents]);
  const recent = useRecent();
  const waits = useMemo(() => longWaits(recent), [recent]);
  const { show, search, agent, sort } = view;
  const rows = useMemo(
    () => matrixRows(pool.agents, { show, search, agent, sort }, waits),
    [pool.agents, show, search, agent, sort, waits],
  );
  const { ordered, hold } = useHeldOrder(rows, JSON.stringify(view));
  const [saved, setSaved] = useState<NumberChange>();
  const cells = useCellEdits(pool, useBarred("admin"), setSaved);
  const forget = useCallback(() => setSaved(undefined), []);
  return (
    <Cells value={cells}>
      <Waits value={oldest}>
        <div {...hold}>
          <div className="px-4 pb-3">
            <Chips agents={pool.agents} view={view} onShow={onShow} />
          </div>
          {saved !== undefined && (
            <UndoNote key={JSON.stringify(saved)} pool={pool} change={saved} onGone={forget} />
          )}
          {ordered.length === 0 ? (
            <NoAgents isNarrowed={pool.agents.length > 0} view={view} onShow={onShow} />
          ) : (
            <Table agents={ordered} colors={colors} view={view} waits={waits} onShow={onShow} />
          )}
        </div>
      </Waits>
    </Cells>
  );
}

interface TableProps extends Omit<MatrixProps, "pool"> {
  agents: readonly PoolAgent[];
  waits: LongWaits | undefined;
}

const Table = memo(function Table(props: TableProps) {
  const { agents, colors, waits, onShow } = props;
  const { sort } = props.view;
  const show = useRef(onShow);
  show.current = onShow;
  const columns = useMemo(
    () => matrixColumns({ colors, sort, waits, onSort: (next) => show.current({ sort: next }) }),
    [colors, sort, waits],
  );
  const foot = useMemo(
    () => matrixFoot(totalsOf(agents), `Total of ${counted(agents.length, "agent")}`),
    [agents],
  );
  const card = useMemo(() => agentCard(colors), [colors]);
  return (
    <WindowedTable
      label="Agents by call type"
      columns={columns}
      rows={agents}
      keyOf={idOf}
      rowRem={3}
      foot={foot}
      card={card}
      isFramed
    />
  );
});

function idOf({ id }: PoolAgent): string {
  return id;
}

function NoAgents(props: { isNarrowed: boolean; view: View; onShow: MatrixProps["onShow"] }) {
  const { isNarrowed, view, onShow } = props;
  return (
    <div className="flex flex-col items-center gap-2 border-line border-t px-6 py-10 text-center">
      {isNarrowed ? (
        <>
          <p className="font-medium">
            {view.search === "" ? "No agent is so now" : "No agent found"}
          </p>
          <p className="max-w-prose break-words text-muted">
            {view.search === ""
              ? "Agents appear here as soon as they fit the choice above."
              : `No agent of this choice has “${view.search}” in its name or id.`}
          </p>
          <Button onClick={() => onShow({ show: "all", search: "", agent: undefined })}>
            Show all agents
          </Button>
        </>
      ) : (
        <>
          <p className="font-medium">No agents yet</p>
          <p className="max-w-prose text-muted">
            Calls are for agents, and slots are reserved for them. Create the first one on the{" "}
            <Link href="/agents" className="text-accent underline underline-offset-2">
              Agents
            </Link>{" "}
            page.
          </p>
        </>
      )}
    </div>
  );
}
