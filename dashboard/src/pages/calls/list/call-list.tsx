import { useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import type { Call } from "../../../domain";
import { clock, count, counted } from "../../../format";
import { Button } from "../../../ui/control/button";
import { ProblemNote } from "../../../ui/message/problem-note";
import { Loading } from "../../../ui/page/page";
import type { Selection } from "../../../ui/table/row-selection";
import { WindowedTable } from "../../../ui/table/windowed-table";
import { useAgentNames } from "../../shared/agent-names";
import { useGateNames } from "../../shared/gate-names";
import { BulkBar } from "../bulk/bulk-bar";
import { type ColumnName, columnsOf } from "../columns/column-names";
import type { Filters } from "../filters/filters";
import { callColumns } from "./call-columns";
import { FirstCallsNote } from "./first-calls-note";
import { NoCalls } from "./no-calls";
import { type CallRow, rowKey } from "./rows";
import { type CallList as List, useCallList } from "./use-call-list";

interface CallListProps {
  filters: Filters;
  columns: readonly ColumnName[];
  onShow: (filters: Filters) => void;
  onEnd: (call: Call) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** The calls that the filters ask for in one table, live ones first. */
export function CallList({ filters, columns: chosen, onShow, onEnd }: CallListProps) {
  const names = useAgentNames();
  const gates = useGateNames();
  const barred = useBarred("engine");
  const list = useCallList(filters);
  const [selected, setSelected] = useState(NONE);
  const columns = useMemo(
    () =>
      callColumns({
        filters,
        columns: columnsOf(filters.view, chosen),
        names,
        gates,
        barred,
        onEnd,
        onSort: onShow,
      }),
    [filters, chosen, names, gates, barred, onEnd, onShow],
  );
  const isSelectable = filters.view !== "ended";
  const selection = useMemo(
    (): Selection<CallRow> => ({
      selected,
      onSelect: setSelected,
      canSelect: isLive,
      labelOf: (key) => `Select call ${key}`,
      allLabel: "Select all live calls shown",
    }),
    [selected],
  );
  const { rows } = list;
  if (rows === undefined) {
    if (list.error === null) return <Loading what="calls" />;
    return (
      <div className="flex flex-col items-start gap-2">
        <ProblemNote error={list.error} />
        <Button onClick={list.readAgain}>Try again</Button>
      </div>
    );
  }
  return (
    <div
      aria-busy={list.isOld}
      className={`flex flex-col gap-2 transition-opacity ${list.isOld ? "opacity-50" : ""}`}
    >
      {list.unseen && <FirstCallsNote {...list.unseen} />}
      {isSelectable && list.live > 0 && (
        <BulkBar filters={filters} rows={rows} selected={selected} onSelect={setSelected} />
      )}
      {rows.length === 0 ? (
        <NoCalls filters={filters} />
      ) : (
        <WindowedTable
          label="Calls"
          columns={columns}
          rows={rows}
          keyOf={rowKey}
          selection={isSelectable ? selection : undefined}
        />
      )}
      <ProblemNote error={list.error} />
      <Extent list={list} filters={filters} />
    </div>
  );
}

/** How much of what was asked for is shown, and how to see more. */
function Extent({ list, filters }: { list: List; filters: Filters }) {
  const { live, ended, asOf, isOld, isReading, readAgain, readMore } = list;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 text-muted">
      <p>{isOld ? "Loading …" : extent(live, ended, asOf, readMore !== undefined)}</p>
      {filters.text !== "" && (
        <p>
          {ended === undefined
            ? "Live calls are searched by id and metadata."
            : "Live calls are searched by id and metadata, ended ones by how their ids begin."}
        </p>
      )}
      {asOf !== undefined && (
        <div className="flex gap-2">
          <Button disabled={isReading} onClick={readAgain}>
            Refresh
          </Button>
          {readMore !== undefined && (
            <Button disabled={isReading} onClick={readMore}>
              {isReading ? "Loading …" : "Show more"}
            </Button>
          )}
        </div>
      )}
      {asOf === undefined && readMore !== undefined && (
        <Button disabled={isReading} onClick={readMore}>
          {isReading ? "Loading …" : "Show more"}
        </Button>
      )}
    </div>
  );
}

/** "3 live calls, 100 ended so far, as of 14:03:21" */
function extent(
  live: number,
  ended: number | undefined,
  asOf: number | undefined,
  hasMore: boolean,
): string {
  if (ended === undefined) return `${counted(live, "live call")}${hasMore ? " so far" : ""}`;
  if (asOf === undefined) return counted(live, "live call");
  const isAll = hasMore ? "so far" : "in all";
  const past = `${count(ended)} ended ${isAll}, as of ${clock(asOf)}`;
  return live === 0 ? past : `${counted(live, "live call")}, ${past}`;
}

function isLive({ call }: CallRow): boolean {
  return call.state !== "ended";
}
