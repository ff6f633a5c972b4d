import type { ReactNode } from "react";
import { BLOCKED_ON_TEXT, type Call, END_REASON_TEXT, TYPE_NAME } from "../../../domain";
import { count, duration, moment, shortDuration } from "../../../format";
import { useNow } from "../../../live/live-provider";
import { AgentLabel } from "../../../ui/agent-label";
import { Button } from "../../../ui/button";
import { CopyIcon } from "../../../ui/copy-icon";
import { LongId } from "../../../ui/long-id";
import { ABOVE_ROW_LINK, RowLink } from "../../../ui/row-link";
import type { WindowedColumn } from "../../../ui/table-column";
import type { AgentNames } from "../../shared/agent-names";
import { CallState, isAsWanted } from "../call/call-state";
import { type Filters, hrefOf, nextSort, type SortKey, type View } from "../filters/filters";
import { lastedMs, shortMoment, waitedMs } from "./call-times";
import type { CallRow } from "./rows";

type Column = WindowedColumn<CallRow>;
type Name =
  | "call"
  | "agent"
  | "type"
  | "state"
  | "slot"
  | "position"
  | "ended"
  | "waited"
  | "lasted"
  | "why"
  | "reason"
  | "note"
  | "action";

const SHOWN: Record<View, readonly Name[]> = {
  live: ["call", "agent", "type", "state", "slot", "position", "waited", "lasted", "why", "action"],
  queued: ["call", "agent", "type", "position", "waited", "why", "action"],
  active: ["call", "agent", "type", "slot", "waited", "lasted", "action"],
  ended: ["call", "agent", "type", "slot", "ended", "waited", "lasted", "reason", "note"],
};

export interface ColumnsOptions {
  filters: Filters;
  names: AgentNames;
  /** Why this person cannot end calls. */
  barred: string | undefined;
  onEnd: (call: Call) => void;
  /** Sorts the rows; absent where they come in the server's order. */
  onSort?: (filters: Filters) => void;
}

/** The columns of a table of calls: those that say something in the view. */
export function callColumns(options: ColumnsOptions): Column[] {
  const columns = allColumns(options);
  const { filters, onSort } = options;
  const sortable = (key: SortKey): Partial<Column> => {
    if (onSort === undefined) return {};
    const { sort } = filters;
    const order = sort?.isDescending ? ("descending" as const) : ("ascending" as const);
    return {
      order: sort?.key === key ? order : undefined,
      onOrder: () => onSort({ ...filters, sort: nextSort(sort, key) }),
    };
  };
  return SHOWN[filters.view].map((name) => {
    const isSortKey = name === "agent" || name === "type" || name === "waited" || name === "lasted";
    return { key: name, ...columns[name], ...(isSortKey ? sortable(name) : {}) };
  });
}

function allColumns(options: ColumnsOptions): Record<Name, Omit<Column, "key">> {
  const { filters, names, barred, onEnd } = options;
  return {
    call: {
      head: "Call",
      width: 8.75,
      isWide: true,
      cell: ({ call }) => <CallId id={call.id} href={hrefOf(filters, call.id)} />,
    },
    agent: {
      head: "Agent",
      sortBy: ({ call }) => names.get(call.agent) ?? call.agent,
      width: 8,
      isWide: true,
      cell: ({ call }) => <AgentLabel id={call.agent} name={names.get(call.agent) ?? call.agent} />,
    },
    type: {
      head: "Type",
      sortBy: ({ call }) => TYPE_NAME[call.type],
      extra: 1,
      width: 6,
      cell: ({ call }) => TYPE_NAME[call.type],
    },
    state: { head: "State", width: 5, cell: ({ call }) => <CallState state={call.state} /> },
    slot: { head: "Slot", extra: 4, width: 5.5, cell: ({ call }) => call.slot ?? <None /> },
    position: {
      head: "Position",
      extra: 2,
      width: 5,
      isNumber: true,
      cell: ({ position }) => (position === undefined ? <None /> : count(position)),
    },
    ended: {
      head: "Ended",
      sortBy: ({ call }) => call.ended_at ?? undefined,
      width: 7.75,
      isNumber: true,
      cell: ({ call }) => call.ended_at !== null && <EndedAt at={call.ended_at} />,
    },
    waited: {
      head: "Waited",
      sortBy: ({ call }) => waitedMs(call, Date.now()),
      width: 7,
      isNumber: true,
      cell: ({ call }) => <Waited call={call} />,
    },
    lasted: {
      head: "Duration",
      sortBy: ({ call }) => lastedMs(call, Date.now()),
      extra: 3,
      width: 7,
      isNumber: true,
      cell: ({ call }) => <Lasted call={call} />,
    },
    why: {
      head: "Why it waits",
      isLong: true,
      width: 10.25,
      cell: ({ call }) => (call.blocked_on === null ? <None /> : BLOCKED_ON_TEXT[call.blocked_on]),
    },
    reason: {
      head: "Reason",
      sortBy: ({ call }) => call.reason ?? undefined,
      isLong: true,
      width: 8.5,
      cell: ({ call }) => <Reason call={call} />,
    },
    note: {
      head: "Note",
      isLong: true,
      extra: 5,
      width: 9,
      cell: ({ call }) =>
        call.note === null ? <None /> : <span title={call.note}>{call.note}</span>,
    },
    action: {
      head: <span className="sr-only">Actions</span>,
      width: 4,
      isNumber: true,
      cell: ({ call }) => <End call={call} barred={barred} onEnd={onEnd} />,
    },
  };
}

function End(props: { call: Call } & Pick<ColumnsOptions, "barred" | "onEnd">) {
  return (
    <span className={ABOVE_ROW_LINK}>
      <Button
        kind="quiet"
        aria-label={`End call ${props.call.id}`}
        disabledBecause={props.barred}
        onClick={() => props.onEnd(props.call)}
      >
        End
      </Button>
    </span>
  );
}

/** The id as a link that covers its row. */
function CallId({ id, href }: { id: string; href: string }) {
  return (
    <span className="flex min-w-0 items-center gap-1">
      <RowLink href={href} title={id}>
        <LongId id={id} />
      </RowLink>
      <span
        className={`${ABOVE_ROW_LINK} pointer-fine:w-0 pointer-fine:overflow-hidden focus-within:w-auto! focus-within:overflow-visible! group-hover:w-auto! group-hover:overflow-visible!`}
      >
        <CopyIcon text={id} what="call id" />
      </span>
    </span>
  );
}

function None(): ReactNode {
  return <span className="text-muted">–</span>;
}

function Waited({ call }: { call: Call }) {
  if (call.state === "queued") return <Since at={call.requested_at} />;
  const ms = waitedMs(call, 0);
  return <span className={ms === 0 ? "text-muted" : ""}>{shortDuration(ms)}</span>;
}

function Lasted({ call }: { call: Call }) {
  if (call.started_at === null) return <None />;
  if (call.ended_at === null) return <Since at={call.started_at} />;
  return shortDuration(lastedMs(call, 0) ?? 0);
}

function Since({ at }: { at: string }) {
  const now = useNow(1000);
  return duration(now - Date.parse(at));
}

function EndedAt({ at }: { at: string }) {
  const now = useNow(60_000);
  return (
    <time dateTime={at} title={moment(at)}>
      {shortMoment(at, now)}
    </time>
  );
}

/** The reason by its name, which is short; what it means is its title. */
function Reason({ call: { reason } }: { call: Call }) {
  if (reason === null) return <None />;
  return (
    <span title={END_REASON_TEXT[reason]} className={isAsWanted(reason) ? "" : "text-warning"}>
      {reason.replaceAll("_", " ")}
    </span>
  );
}
