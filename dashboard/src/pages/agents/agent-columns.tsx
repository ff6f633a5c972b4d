import type { PoolAgent } from "../../domain";
import { count, percent, shortDuration } from "../../format";
import { paceWords } from "../../gate-words";
import { RowMenu } from "../../ui/control/menu";
import { idColumn } from "../../ui/table/id-column";
import { ABOVE_ROW_LINK, RowLink } from "../../ui/table/row-link";
import type { WindowedColumn } from "../../ui/table/table-column";
import { AgentLabel } from "../../ui/text/agent-label";
import type { LongWaits } from "../concurrency/matrix/matrix-rows";
import { borrowedShare } from "./borrowed";
import type { Peaks, Starts } from "./peaks";

interface ColumnsOptions {
  peaks: Peaks | undefined;
  starts: Starts | undefined;
  /** The waits of the last hour; undefined: there are too many agents to read them. */
  waits: LongWaits | undefined;
  /** Why this person cannot change agents. */
  barred: string | undefined;
  onEdit: (agent: PoolAgent) => void;
  onDelete: (agent: PoolAgent) => void;
  onGoTo: (address: string) => void;
}

function callsOf(id: string): string {
  return `/calls?agent=${encodeURIComponent(id)}`;
}

/** History stacks all agents; it shows none alone. */
const HISTORY = "/history?by=agent";

/** The columns of the table of agents. */
export function agentColumns(options: ColumnsOptions): WindowedColumn<PoolAgent>[] {
  const { peaks, starts, waits, barred, onEdit, onDelete, onGoTo } = options;
  return [
    {
      key: "name",
      head: "Agent",
      sortBy: ({ name }) => name,
      width: 8,
      isWide: true,
      cell: ({ id, name }) => (
        <RowLink href={callsOf(id)} title={`${name}: see its calls`} className="font-medium">
          <AgentLabel id={id} name={name} />
        </RowLink>
      ),
    },
    idColumn(11),
    {
      key: "cap",
      head: "Cap",
      extra: 2,
      sortBy: ({ cap }) => cap ?? undefined,
      width: 5.5,
      isNumber: true,
      cell: ({ cap }) => (cap === null ? <span className="text-muted">no cap</span> : count(cap)),
    },
    {
      key: "pace",
      head: "Pace",
      extra: 5,
      width: 7.5,
      sortBy: ({ pace }) => (pace === null ? undefined : pace.starts / pace.per_s),
      cell: ({ pace }) =>
        pace === null ? <span className="text-muted">no pace</span> : paceWords(pace),
    },
    number("reserved", "Reserved", 6.5, ({ reserved }) => reserved),
    number("active", "In use", 5.5, ({ active }) => active),
    number("queued", "Waiting", 5.5, ({ queued }) => queued),
    number("peak", "Peak today", 7, ({ id }) => peaks && (peaks.get(id) ?? 0)),
    {
      ...number("started", "Started today", 8.5, ({ id }) => starts && (starts.get(id) ?? 0)),
      extra: 3,
    },
    {
      key: "wait",
      head: "Wait p95 1 h",
      extra: 4,
      sortBy: ({ id }) => waits?.get(id),
      width: 7.5,
      isNumber: true,
      cell: ({ id }) => orDash(waits?.get(id), shortDuration),
    },
    {
      key: "borrowed",
      head: "On shared",
      extra: 5,
      sortBy: borrowedShare,
      width: 6.5,
      isNumber: true,
      cell: (agent) => orDash(borrowedShare(agent), percent),
    },
    {
      key: "menu",
      head: <span className="sr-only">Actions</span>,
      width: 4,
      isNumber: true,
      cell: (agent) => (
        <span className={`flex justify-end ${ABOVE_ROW_LINK}`}>
          <RowMenu
            label={`Actions for ${agent.name}`}
            actions={[
              { label: "Calls", onSelect: () => onGoTo(callsOf(agent.id)) },
              { label: "History by agent", onSelect: () => onGoTo(HISTORY) },
              { label: "Edit", onSelect: () => onEdit(agent), disabledBecause: barred },
              {
                label: "Delete",
                onSelect: () => onDelete(agent),
                isDangerous: true,
                disabledBecause: barred,
              },
            ]}
          />
        </span>
      ),
    },
  ];
}

/** A column of numbers; what is not known is a dash, and zeros are muted. */
function number(
  key: string,
  head: string,
  width: number,
  numberOf: (agent: PoolAgent) => number | undefined,
): WindowedColumn<PoolAgent> {
  return {
    key,
    head,
    width,
    isNumber: true,
    sortBy: numberOf,
    cell: (agent) => {
      const value = numberOf(agent);
      return value === 0 ? <span className="text-muted">0</span> : orDash(value, count);
    },
  };
}

function orDash(value: number | undefined, inWords: (value: number) => string) {
  return value === undefined ? <span className="text-muted">–</span> : inWords(value);
}
