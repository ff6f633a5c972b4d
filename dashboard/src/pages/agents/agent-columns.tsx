import type { PoolAgent } from "../../domain";
import { count } from "../../format";
import { RowMenu } from "../../ui/control/menu";
import { ABOVE_ROW_LINK, RowLink } from "../../ui/table/row-link";
import type { WindowedColumn } from "../../ui/table/table-column";
import { AgentLabel } from "../../ui/text/agent-label";
import { LongId } from "../../ui/text/long-id";
import type { Peaks } from "./peaks";

interface ColumnsOptions {
  peaks: Peaks | undefined;
  /** Why this person cannot change agents. */
  barred: string | undefined;
  onEdit: (agent: PoolAgent) => void;
  onDelete: (agent: PoolAgent) => void;
  onGoTo: (address: string) => void;
}

function callsOf(id: string): string {
  return `/calls?agent=${encodeURIComponent(id)}`;
}

/** The columns of the table of agents. */
export function agentColumns(options: ColumnsOptions): WindowedColumn<PoolAgent>[] {
  const { peaks, barred, onEdit, onDelete, onGoTo } = options;
  return [
    {
      key: "name",
      head: "Agent",
      sortBy: ({ name }) => name,
      width: 9,
      isWide: true,
      cell: ({ id, name }) => (
        <RowLink href={callsOf(id)} title={`${name}: see its calls`} className="font-medium">
          <AgentLabel id={id} name={name} />
        </RowLink>
      ),
    },
    {
      key: "id",
      head: "Id",
      isLong: true,
      extra: 1,
      sortBy: ({ id }) => id,
      width: 11,
      cell: ({ id }) => (
        <span className="text-muted">
          <LongId id={id} />
        </span>
      ),
    },
    {
      key: "cap",
      head: "Cap",
      extra: 2,
      sortBy: ({ cap }) => cap ?? undefined,
      width: 6,
      isNumber: true,
      cell: ({ cap }) => (cap === null ? <span className="text-muted">no cap</span> : count(cap)),
    },
    number("reserved", "Reserved", ({ reserved }) => reserved),
    number("active", "Active now", ({ active }) => active),
    number("queued", "Queued", ({ queued }) => queued),
    number("peak", "Peak today", ({ id }) => peaks && (peaks.get(id) ?? 0)),
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
              { label: "History", onSelect: () => onGoTo("/history?by=agent") },
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
  numberOf: (agent: PoolAgent) => number | undefined,
): WindowedColumn<PoolAgent> {
  return {
    key,
    head,
    width: 7.5,
    isNumber: true,
    sortBy: numberOf,
    cell: (agent) => {
      const value = numberOf(agent);
      if (value === undefined) return <span className="text-muted">–</span>;
      return value === 0 ? <span className="text-muted">0</span> : count(value);
    },
  };
}
