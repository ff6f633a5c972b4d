import { useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import { CALL_TYPES, type Pool, type PoolAgent, TYPE_NAME } from "../../../domain";
import { Button } from "../../../ui/button";
import { Section } from "../../../ui/page";
import { type WindowedColumn, WindowedTable } from "../../../ui/windowed-table";
import { isAtWork, unreservedAgents } from "./agent-lists";
import { AgentName } from "./agent-name";
import { numberColumn, queuedColumn } from "./reserved-columns";

/** The agents that hold slots, or wait, with no reservation. */
export function UnreservedTable(props: { pool: Pool; onReserve: (agent: string) => void }) {
  const { pool, onReserve } = props;
  const barred = useBarred("admin");
  const kept = useKept(pool);
  const rows = useMemo(() => unreservedAgents(pool, kept), [pool, kept]);
  const columns = useMemo(() => columnsOf(barred, onReserve), [barred, onReserve]);
  if (rows.length === 0) return null;
  return (
    <Section
      title="Using the shared pool without a reservation"
      description="Their calls start only while a shared slot is free. The numbers by type are slots in use."
    >
      <WindowedTable
        label="Agents without a reservation"
        columns={columns}
        rows={rows}
        keyOf={({ id }) => id}
      />
    </Section>
  );
}

/** Agents that were listed stay listed while the page is open, so that rows do not come and go with each call. */
function useKept(pool: Pool): ReadonlySet<string> {
  const [kept, setKept] = useState<ReadonlySet<string>>(() => new Set());
  const fresh = pool.agents.filter(
    (agent) => agent.reserved === 0 && isAtWork(agent) && !kept.has(agent.id),
  );
  if (fresh.length > 0) setKept(new Set([...kept, ...fresh.map(({ id }) => id)]));
  return kept;
}

function columnsOf(
  barred: string | undefined,
  onReserve: (agent: string) => void,
): readonly WindowedColumn<PoolAgent>[] {
  return [
    {
      key: "agent",
      head: "Agent",
      width: 11,
      isWide: true,
      cell: (agent) => <AgentName agent={agent} hasSwatch={false} />,
    },
    ...CALL_TYPES.map((type) =>
      numberColumn(type, TYPE_NAME[type], 6, (agent) => agent.types[type].active),
    ),
    numberColumn("in-use", "In use", 6, (agent) => agent.active),
    queuedColumn,
    {
      key: "actions",
      head: <span className="sr-only">Actions</span>,
      width: 8,
      isNumber: true,
      cell: ({ id, name }) => (
        <Button
          disabledBecause={barred}
          aria-label={`Reserve for ${name}`}
          onClick={() => onReserve(id)}
        >
          Reserve
        </Button>
      ),
    },
  ];
}
