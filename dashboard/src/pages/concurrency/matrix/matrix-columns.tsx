import type { ReactNode } from "react";
import { CALL_TYPES, type CallType, type PoolAgent, TYPE_NAME } from "../../../domain";
import { count, shortDuration } from "../../../format";
import type { WindowedColumn } from "../../../ui/table/table-column";
import { AgentName } from "../agents/agent-name";
import type { AgentColor } from "../pool-bar/agent-colors";
import { AgentMenu } from "./agent-menu";
import { type LongWaits, nextSort, type Sort, type SortKey, type Totals } from "./matrix-rows";
import { ClassNumbers, TypeCell } from "./type-cell";

type Column = WindowedColumn<PoolAgent>;

/** The columns of the agents: what each uses by type, and in all. */
export function matrixColumns(options: {
  colors: ReadonlyMap<string, AgentColor>;
  sort: Sort | undefined;
  onSort: (sort: Sort | undefined) => void;
  /** Undefined: they cannot be known. */
  waits: LongWaits | undefined;
}): readonly Column[] {
  const { colors, sort, onSort, waits } = options;
  const sortable = (key: SortKey) => ({
    order:
      sort?.key === key
        ? sort.isDescending
          ? ("descending" as const)
          : ("ascending" as const)
        : undefined,
    onOrder: () => onSort(nextSort(sort, key)),
  });
  const typeColumn = (type: CallType): Column => ({
    key: type,
    head: TYPE_NAME[type],
    width: 4.25,
    percent: 11,
    isNumber: true,
    isFilled: true,
    cell: (agent) => <TypeCell agent={agent} type={type} color={colors.get(agent.id)} />,
    ...sortable(type),
  });
  const waitColumn = (known: LongWaits): Column => ({
    key: "wait-p95",
    head: "Wait p95 1 h",
    hint: "95 of 100 calls of the last hour waited no longer",
    width: 7.5,
    extra: 1,
    isNumber: true,
    cell: ({ id }) => <LongWait ms={known.get(id)} />,
    ...sortable("wait-p95"),
  });
  return [
    {
      key: "agent",
      head: "Agent",
      width: 7,
      isWide: true,
      cell: (agent) => <AgentName agent={agent} color={colors.get(agent.id)} />,
      ...sortable("agent"),
    },
    ...CALL_TYPES.map(typeColumn),
    {
      key: "in-use",
      head: "In use",
      width: 4.5,
      isNumber: true,
      cell: ({ active }) => <InUse active={active} />,
      ...sortable("in-use"),
    },
    {
      key: "waiting",
      head: "Waiting",
      width: 5,
      isNumber: true,
      cell: ({ queued }) => <WaitingCount queued={queued} />,
      ...sortable("waiting"),
    },
    ...(waits === undefined ? [] : [waitColumn(waits)]),
    {
      key: "cap",
      head: "Cap",
      width: 3.5,
      isNumber: true,
      cell: (agent) => <Cap agent={agent} />,
      ...sortable("cap"),
    },
    {
      key: "actions",
      head: <span className="sr-only">Actions</span>,
      width: 3.25,
      isNumber: true,
      cell: (agent) => <AgentMenu agent={agent} />,
    },
  ];
}

/** The sums under the columns. */
export function matrixFoot(totals: Totals, agents: string): Record<string, ReactNode> {
  const types = CALL_TYPES.map((type) => [
    type,
    <ClassNumbers key={type} use={totals.types[type]} />,
  ]);
  return {
    agent: agents,
    ...Object.fromEntries(types),
    "in-use": <InUse active={totals.active} />,
    waiting: <WaitingCount queued={totals.queued} />,
  };
}

export function InUse({ active }: { active: number }) {
  return <span className={active === 0 ? "text-muted" : "font-medium"}>{count(active)}</span>;
}

export function WaitingCount({ queued }: { queued: number }) {
  return queued === 0 ? null : <span className="font-medium text-warning">{count(queued)}</span>;
}

function LongWait({ ms }: { ms: number | undefined }) {
  return ms === undefined ? null : (
    <span className={`whitespace-nowrap ${ms === 0 ? "text-muted" : ""}`}>{shortDuration(ms)}</span>
  );
}

function Cap({ agent: { active, cap } }: { agent: PoolAgent }) {
  if (cap === null) return null;
  return active >= cap ? (
    <span className="font-medium text-warning" title="At its cap">
      {count(cap)}
    </span>
  ) : (
    <span className="text-muted">{count(cap)}</span>
  );
}
