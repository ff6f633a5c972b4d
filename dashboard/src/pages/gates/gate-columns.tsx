import type { ReactNode } from "react";
import { GATE_KIND_NAME } from "../../domain";
import { count, duration } from "../../format";
import { Button } from "../../ui/control/button";
import { RowMenu } from "../../ui/control/menu";
import { idColumn } from "../../ui/table/id-column";
import { ABOVE_ROW_LINK, RowLink } from "../../ui/table/row-link";
import type { WindowedColumn } from "../../ui/table/table-column";
import { callsOfGate, gateHref } from "../shared/gate-address";
import { about } from "../shared/why-waits";
import { type GateRow, progressOf } from "./gate-rows";
import { Progress } from "./progress";
import { StateBadge } from "./state-badge";

/** What can be done to a gate. */
export interface GateActions {
  /** Why this person cannot change gates. */
  barred: string | undefined;
  /** Why this person cannot end calls. */
  barredFromEnding: string | undefined;
  onEdit: (gate: GateRow) => void;
  onPause: (gate: GateRow) => void;
  onCancel: (gate: GateRow) => void;
  onDelete: (gate: GateRow) => void;
  onGoTo: (address: string) => void;
}

/** The columns of the table of gates. */
export function gateColumns(actions: GateActions): WindowedColumn<GateRow>[] {
  return [
    {
      key: "name",
      head: "Gate",
      sortBy: ({ name }) => name.toLowerCase(),
      width: 8,
      isWide: true,
      cell: ({ id, name }) => (
        <RowLink href={gateHref(id)} title={`${name}: see it`} className="font-medium">
          <bdi className="inline-block max-w-full truncate align-bottom">{name}</bdi>
        </RowLink>
      ),
    },
    idColumn(9),
    {
      key: "kind",
      head: "Kind",
      extra: 4,
      width: 6.5,
      sortBy: ({ kind }) => kind,
      cell: ({ kind }) => GATE_KIND_NAME[kind],
    },
    {
      key: "state",
      head: "State",
      width: 12,
      percent: 18,
      isLong: true,
      cell: (row) => <StateBadge row={row} />,
    },
    {
      key: "active",
      head: "Active",
      width: 6.5,
      isNumber: true,
      sortBy: ({ active }) => active,
      cell: ({ active, cap }) => known(active, cap === null ? "" : ` of ${count(cap)}`),
    },
    {
      key: "queued",
      head: "Waiting",
      width: 6,
      isNumber: true,
      sortBy: ({ queued }) => queued,
      cell: ({ queued }) => known(queued),
    },
    {
      key: "oldest",
      head: "Oldest wait",
      extra: 3,
      width: 7,
      isNumber: true,
      sortBy: ({ read }) => read?.oldest_wait_ms ?? undefined,
      cell: ({ read }) => timed(read && (read.oldest_wait_ms ?? null), duration),
    },
    {
      key: "done",
      head: "Done",
      extra: 1,
      width: 10,
      isLong: true,
      sortBy: (row) => {
        const progress = progressOf(row);
        return progress && progress.done / progress.total;
      },
      cell: (row) => {
        const progress = progressOf(row);
        return progress === undefined ? <None /> : <Progress name={row.name} {...progress} />;
      },
    },
    {
      key: "end",
      head: "Ends",
      hint: "An estimate of when its last call has ended, if no other comes.",
      extra: 2,
      width: 7,
      sortBy: ({ read }) => read?.done_in_ms ?? undefined,
      cell: (row) => (progressOf(row) === undefined ? <None /> : <Ends row={row} />),
    },
    {
      key: "do",
      head: <span className="sr-only">Actions</span>,
      width: 9,
      isNumber: true,
      isFilled: true,
      cell: (row) => <Actions row={row} actions={actions} />,
    },
  ];
}

function Actions({ row, actions }: { row: GateRow; actions: GateActions }) {
  const { barred, barredFromEnding, onPause, onEdit, onCancel, onDelete, onGoTo } = actions;
  const { id, name, paused, queued = 0 } = row;
  return (
    <span className={`flex justify-end ${ABOVE_ROW_LINK}`}>
      <Button
        kind="quiet"
        aria-label={`${paused ? "Resume" : "Pause"} ${name}`}
        disabledBecause={barred}
        onClick={() => onPause(row)}
      >
        {paused ? "Resume" : "Pause"}
      </Button>
      <RowMenu
        label={`Actions for ${name}`}
        actions={[
          { label: "Calls", onSelect: () => onGoTo(callsOfGate(id)) },
          { label: "Edit", onSelect: () => onEdit(row), disabledBecause: barred },
          {
            label: "Cancel waiting calls",
            isDangerous: true,
            onSelect: () => onCancel(row),
            disabledBecause:
              barredFromEnding ?? (queued === 0 ? "No call of it waits." : undefined),
          },
          {
            label: "Delete",
            isDangerous: true,
            onSelect: () => onDelete(row),
            disabledBecause: barred,
          },
        ]}
      />
    </span>
  );
}

function Ends({ row: { read } }: { row: GateRow }) {
  if (read === undefined) return <Unread />;
  if (read.active + read.queued === 0) return "done";
  if (read.done_in_ms === null) return <None because="Nothing supports an estimate" />;
  const words = about(read.done_in_ms);
  return words.startsWith("about") ? `in ${words}` : words;
}

function known(value: number | undefined, more = ""): ReactNode {
  return value === undefined ? <Unread /> : `${count(value)}${more}`;
}

function timed(ms: number | null | undefined, write: (ms: number) => string): ReactNode {
  if (ms === undefined) return <Unread />;
  return ms === null ? <None /> : write(ms);
}

/** Where a figure will be. */
function Unread() {
  return (
    <span
      aria-hidden="true"
      className="inline-block h-3 w-8 animate-pulse rounded bg-sunken align-middle motion-reduce:animate-none"
    />
  );
}

function None({ because }: { because?: string }) {
  return (
    <span className="text-muted" title={because}>
      –
    </span>
  );
}
