import { useMemo } from "react";
import { useBarred } from "../../../auth/session";
import type { Call } from "../../../domain";
import { count } from "../../../format";
import { useLive, useServerNow } from "../../../live/live-provider";
import { Loading } from "../../../ui/page";
import { WindowedTable } from "../../../ui/windowed-table";
import { useAgentNames } from "../../shared/agent-names";
import type { Filters } from "../filters/filters";
import { callColumns } from "./call-columns";
import { FirstCallsNote } from "./first-calls-note";
import { NoCalls } from "./no-calls";
import { liveRows } from "./rows";

interface LiveCallsProps {
  filters: Filters;
  onShow: (filters: Filters) => void;
  onEnd: (call: Call) => void;
}

/** Calls that are queued or active now. */
export function LiveCalls({ filters, onShow, onEnd }: LiveCallsProps) {
  const live = useLive((state) => state);
  const names = useAgentNames();
  const serverNow = useServerNow();
  const barred = useBarred("engine");
  const rows = useMemo(
    () => (live === undefined ? undefined : liveRows(live, filters, names, serverNow())),
    [live, filters, names, serverNow],
  );
  const columns = useMemo(
    () => callColumns({ filters, names, barred, onEnd, onSort: onShow }),
    [filters, names, barred, onEnd, onShow],
  );
  if (live === undefined || rows === undefined) return <Loading what="calls" />;
  return (
    <>
      {!live.isComplete && (
        <FirstCallsNote
          shown={live.queue.length + live.active.size}
          all={live.pool.queued + live.pool.active}
        />
      )}
      {rows.length === 0 ? (
        <NoCalls filters={filters} />
      ) : (
        <div className="flex flex-col gap-2">
          <WindowedTable
            label="Calls"
            columns={columns}
            rows={rows}
            keyOf={({ call }) => call.id}
          />
          <p className="text-muted">
            {count(rows.length)} shown
            {filters.sort === undefined && filters.view === "live"
              ? ", queued in starting order, then active, newest first"
              : ""}
          </p>
        </div>
      )}
    </>
  );
}
