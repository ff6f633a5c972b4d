import { CALL_TYPES, type PoolAgent, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { RowMenu } from "../../../ui/menu";
import type { WindowedColumn } from "../../../ui/windowed-table";
import type { AgentColor } from "../pool-bar/agent-colors";
import { reservedInUse } from "../pool-bar/pool-bar-segments";
import { AgentName } from "./agent-name";

interface RowActions {
  /** Why reservations cannot be changed; undefined when they can. */
  barred: string | undefined;
  onEdit: (agent: string) => void;
  onRemove: (agent: string) => void;
}

/** The columns of the agents with a reservation. */
export function reservedColumns(
  colors: ReadonlyMap<string, AgentColor>,
  actions: RowActions,
): readonly WindowedColumn<PoolAgent>[] {
  return [
    {
      key: "agent",
      head: "Agent",
      width: 11,
      isWide: true,
      cell: (agent) => <AgentName agent={agent} color={colors.get(agent.id)} />,
    },
    ...CALL_TYPES.map((type) =>
      numberColumn(type, TYPE_NAME[type], 6, (agent) => agent.types[type].reserved),
    ),
    numberColumn("total", "Total", 5, (agent) => agent.reserved),
    {
      key: "in-use",
      head: "In use",
      width: 8,
      isNumber: true,
      cell: (agent) => <InUse agent={agent} />,
    },
    queuedColumn,
    {
      key: "actions",
      head: <span className="sr-only">Actions</span>,
      width: 4,
      isNumber: true,
      cell: (agent) => <Actions agent={agent} actions={actions} />,
    },
  ];
}

/** A column of numbers in which none at all is quiet. */
export function numberColumn(
  key: string,
  head: string,
  width: number,
  of: (agent: PoolAgent) => number,
): WindowedColumn<PoolAgent> {
  const cell = (agent: PoolAgent) => {
    const value = of(agent);
    return <span className={value === 0 ? "text-muted" : ""}>{count(value)}</span>;
  };
  return { key, head, width, isNumber: true, cell };
}

export const queuedColumn: WindowedColumn<PoolAgent> = {
  key: "queued",
  head: "Queued",
  width: 6,
  isNumber: true,
  cell: ({ queued }) => (
    <span className={queued === 0 ? "text-muted" : "font-medium text-warning"}>
      {count(queued)}
    </span>
  ),
};

/** All slots an agent uses, and how many of them are shared ones. */
function InUse({ agent }: { agent: PoolAgent }) {
  const shared = agent.active - reservedInUse(agent);
  return (
    <span className={agent.active === 0 ? "text-muted" : ""}>
      {shared > 0 && <span className="mr-2 text-muted text-xs">{count(shared)} shared</span>}
      {count(agent.active)}
    </span>
  );
}

function Actions({ agent, actions }: { agent: PoolAgent; actions: RowActions }) {
  const { barred, onEdit, onRemove } = actions;
  return (
    <div className="flex justify-end">
      <RowMenu
        label={`Actions for ${agent.name}`}
        actions={[
          { label: "Edit reservations", onSelect: () => onEdit(agent.id), disabledBecause: barred },
          {
            label: "Remove agent",
            onSelect: () => onRemove(agent.id),
            isDangerous: true,
            disabledBecause: barred,
          },
        ]}
      />
    </div>
  );
}
