import type { ReactNode } from "react";
import {
  BLOCKED_ON_TEXT,
  type BlockedOn,
  type Call,
  END_REASON_TEXT,
  TYPE_NAME,
} from "../../../domain";
import { count, duration, moment, shortDuration } from "../../../format";
import { useNow } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { CopyIcon } from "../../../ui/control/copy-icon";
import { ABOVE_ROW_LINK, RowLink } from "../../../ui/table/row-link";
import type { WindowedColumn } from "../../../ui/table/table-column";
import { AgentLabel } from "../../../ui/text/agent-label";
import { LongId } from "../../../ui/text/long-id";
import type { AgentNames } from "../../shared/agent-names";
import { WhyItWaits } from "../../shared/why-it-waits";
import { CallState, isAsWanted } from "../call/call-state";
import { metadataRows } from "../call/metadata";
import { COLUMN_TEXT, type ColumnName } from "../columns/column-names";
import { type Filters, hrefOf, nextSort, type SortKey } from "../filters/filters";
import { lastedMs, shortMoment, waitedMs } from "./call-times";
import type { CallRow } from "./rows";

type Column = WindowedColumn<CallRow>;
export interface ColumnsOptions {
  filters: Filters;
  columns: readonly ColumnName[];
  names: AgentNames;
  gates: ReadonlyMap<string, string>;
  /** Why this person cannot end calls. */
  barred: string | undefined;
  onEnd: (call: Call) => void;
  onSort: (filters: Filters) => void;
}

const SORTABLE: Partial<Record<ColumnName, SortKey>> = {
  agent: "agent",
  type: "type",
  ended: "ended",
  waited: "waited",
  lasted: "lasted",
};

/** The columns of a table of calls: the call, those that are named, and what can be done to it. */
export function callColumns(options: ColumnsOptions): Column[] {
  const { filters, columns: names, barred, onEnd, onSort } = options;
  const columns = allColumns(options);
  const sortable = (key: SortKey | undefined): Partial<Column> => {
    if (key === undefined) return {};
    const { sort } = filters;
    const order = sort?.isDescending ? ("descending" as const) : ("ascending" as const);
    return {
      order: sort?.key === key ? order : undefined,
      onOrder: () => onSort({ ...filters, sort: nextSort(sort, key) }),
    };
  };
  const call: Column = {
    key: "call",
    head: "Call",
    width: 10,
    isWide: true,
    cell: ({ call: { id } }) => <CallId id={id} href={hrefOf(filters, id)} />,
  };
  const action: Column = {
    key: "action",
    head: <span className="sr-only">Actions</span>,
    width: 4.75,
    isNumber: true,
    isFilled: true,
    cell: (row) =>
      row.call.state !== "ended" && <End call={row.call} barred={barred} onEnd={onEnd} />,
  };
  const named = names.map((name) => ({
    key: name,
    head: name === "why" ? whyHead(filters) : COLUMN_TEXT[name],
    ...columns[name],
    ...sortable(SORTABLE[name]),
  }));
  return [call, ...named, ...(filters.view === "ended" ? [] : [action])];
}

/** What "why" is about: a wait, an end, or both. */
function whyHead({ view }: Filters): string {
  if (view === "all") return COLUMN_TEXT.why;
  return view === "ended" ? "Reason" : "Why it waits";
}

function allColumns({
  names,
  gates,
}: ColumnsOptions): Record<ColumnName, Omit<Column, "key" | "head">> {
  return {
    agent: {
      width: 8,
      percent: 13,
      isLong: true,
      cell: ({ call }) => <AgentLabel id={call.agent} name={names.get(call.agent) ?? call.agent} />,
    },
    type: { extra: 1, width: 6, cell: ({ call }) => TYPE_NAME[call.type] },
    state: { width: 5, cell: ({ call }) => <CallState state={call.state} /> },
    slot: { extra: 6, width: 5.5, cell: ({ call }) => call.slot ?? <None /> },
    position: {
      extra: 4,
      width: 5,
      isNumber: true,
      cell: ({ position }) => (position === undefined ? <None /> : count(position)),
    },
    requested: {
      extra: 5,
      width: 7.75,
      isNumber: true,
      cell: ({ call }) => <At at={call.requested_at} />,
    },
    started: {
      extra: 5,
      width: 7.75,
      isNumber: true,
      cell: ({ call }) => <At at={call.started_at} />,
    },
    ended: { extra: 2, width: 7.75, isNumber: true, cell: ({ call }) => <At at={call.ended_at} /> },
    waited: { width: 7, isNumber: true, cell: ({ call }) => <Waited call={call} /> },
    lasted: { extra: 3, width: 7, isNumber: true, cell: ({ call }) => <Lasted call={call} /> },
    why: { isLong: true, width: 10.25, cell: ({ call }) => <Why call={call} gates={gates} /> },
    note: { isLong: true, extra: 7, width: 9, cell: ({ call }) => <Text text={call.note} /> },
    gates: {
      isLong: true,
      extra: 8,
      width: 9,
      cell: ({ call }) => <Text text={gateLine(call, gates)} />,
    },
    lease: { isLong: true, extra: 8, width: 9, cell: ({ call }) => <Text text={call.lease} /> },
    metadata: {
      isLong: true,
      extra: 9,
      width: 12,
      isWide: true,
      cell: ({ call }) => <Text text={metadataLine(call)} />,
    },
  };
}

function metadataLine({ metadata }: Call): string | null {
  const rows = metadataRows(metadata).map(({ key, text }) => `${key}: ${text}`);
  return rows.length === 0 ? null : rows.join(", ");
}

function gateLine(call: Call, gates: ReadonlyMap<string, string>): string | null {
  return call.gates.length === 0 ? null : call.gates.map((id) => gates.get(id) ?? id).join(", ");
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

function At({ at }: { at: string | null }) {
  const now = useNow(60_000);
  if (at === null) return <None />;
  return (
    <time dateTime={at} title={moment(at)}>
      {shortMoment(at, now)}
    </time>
  );
}

function Text({ text }: { text: string | null }) {
  return text === null ? <None /> : <span title={text}>{text}</span>;
}

/** What holds it of a gate that is named. */
const GATE_TEXT: Partial<Record<BlockedOn, string>> = {
  gate_cap: "at its cap",
  gate_paused: "paused",
  gate_hours: "outside its hours",
};

/** Why it waits, or the reason of its end by its name, which is short; what that means is its title. */
function Why({ call, gates }: { call: Call; gates: ReadonlyMap<string, string> }) {
  const { blocked_on, blocked_by, reason } = call;
  if (blocked_on !== null) {
    if (blocked_by === null || !("gate" in blocked_by)) return BLOCKED_ON_TEXT[blocked_on];
    const id = blocked_by.gate;
    const text = GATE_TEXT[blocked_on] ?? BLOCKED_ON_TEXT[blocked_on];
    return <WhyItWaits why={{ gate: { id, name: gates.get(id) ?? id }, text }} />;
  }
  if (reason === null) return <None />;
  return (
    <span title={END_REASON_TEXT[reason]} className={isAsWanted(reason) ? "" : "text-warning"}>
      {reason.replaceAll("_", " ")}
    </span>
  );
}
