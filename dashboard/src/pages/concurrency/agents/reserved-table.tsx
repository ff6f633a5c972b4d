import { useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import type { Pool } from "../../../domain";
import { Button } from "../../../ui/button";
import { SearchInput } from "../../../ui/field";
import { Empty, Section } from "../../../ui/page";
import { WindowedTable } from "../../../ui/windowed-table";
import type { AgentColor } from "../pool-bar/agent-colors";
import { reservedAgents } from "./agent-lists";
import { reservedColumns } from "./reserved-columns";

interface ReservedTableProps {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  onAdd: () => void;
  onEdit: (agent: string) => void;
  onRemove: (agent: string) => void;
}

/** The agents with a reservation. */
export function ReservedTable({ pool, colors, onAdd, onEdit, onRemove }: ReservedTableProps) {
  const [search, setSearch] = useState("");
  const barred = useBarred("admin");
  const rows = useMemo(() => reservedAgents(pool, search), [pool, search]);
  const columns = useMemo(
    () => reservedColumns(colors, { barred, onEdit, onRemove }),
    [colors, barred, onEdit, onRemove],
  );
  return (
    <Section
      title="Reserved Concurrency"
      description="Slots that only their agent can use, even while idle."
      actions={
        <>
          <div className="w-48 sm:w-56">
            <SearchInput label="Search agents" value={search} onChange={setSearch} />
          </div>
          <Button kind="primary" disabledBecause={barred} onClick={onAdd}>
            Add
          </Button>
        </>
      }
    >
      {pool.reserved === 0 ? (
        <NoReservations />
      ) : rows.length === 0 ? (
        <NothingFound search={search} onClear={() => setSearch("")} />
      ) : (
        <WindowedTable
          label="Agents with reserved concurrency"
          columns={columns}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  );
}

function NoReservations() {
  return (
    <Empty title="No agents have reserved concurrency yet">
      A reservation keeps slots free for one agent and call type: its next call starts at once, even
      when everything else is busy. Slots that are not reserved are shared, first come, first
      served. Choose Add to reserve slots for an agent.
    </Empty>
  );
}

function NothingFound({ search, onClear }: { search: string; onClear: () => void }) {
  return (
    <Empty
      title="No reservations found"
      action={<Button onClick={onClear}>Clear the search</Button>}
    >
      <span className="break-words">
        No agent with a reservation has “{search}” in its name or id. Use Add to find an agent
        without one.
      </span>
    </Empty>
  );
}
