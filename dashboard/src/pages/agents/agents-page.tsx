import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { useBarred } from "../../auth/session";
import type { PoolAgent } from "../../domain";
import { count, counted } from "../../format";
import { useLive } from "../../live/live-provider";
import { Button } from "../../ui/control/button";
import { SearchInput } from "../../ui/form/field";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page } from "../../ui/page/page";
import { WindowedTable } from "../../ui/table/windowed-table";
import { foundAgents } from "../concurrency/agents/agent-lists";
import { longWaits } from "../concurrency/matrix/long-waits";
import { useRecent } from "../concurrency/use-recent";
import { agentColumns } from "./agent-columns";
import { CreateAgentDialog } from "./create-agent-dialog";
import { DeleteAgent } from "./delete-agent";
import { EditAgentDialog } from "./edit-agent-dialog";
import { NoAgents } from "./no-agents";
import { TypeLimits } from "./type-limits";
import { useToday } from "./use-today";

type Doing =
  | { kind: "create" }
  | { kind: "edit"; agent: PoolAgent }
  | { kind: "delete"; agent: PoolAgent };

/** The agents of the organisation: what they may use, what they use, and who they are. */
export function AgentsPage() {
  const agents = useLive((live) => live.pool.agents);
  const barred = useBarred("admin");
  const [search, setSearch] = useState("");
  const [doing, setDoing] = useState<Doing>();
  const stop = () => setDoing(undefined);
  const create = (
    <Button kind="primary" disabledBecause={barred} onClick={() => setDoing({ kind: "create" })}>
      Create agent
    </Button>
  );
  const isEmpty = agents !== undefined && agents.length === 0;
  return (
    <Page
      title="Agents"
      actions={
        !isEmpty && (
          <>
            <div className="w-52">
              <SearchInput label="Search agents" value={search} onChange={setSearch} />
            </div>
            {create}
          </>
        )
      }
    >
      {agents === undefined && <Loading what="agents" />}
      {isEmpty && <NoAgents action={create} />}
      {agents !== undefined && !isEmpty && (
        <Agents agents={agents} search={search} barred={barred} onDo={setDoing} />
      )}
      {!isEmpty && <TypeLimits />}
      {doing?.kind === "create" && <CreateAgentDialog onClose={stop} />}
      {doing?.kind === "edit" && <EditAgentDialog agent={doing.agent} onClose={stop} />}
      {doing?.kind === "delete" && <DeleteAgent agent={doing.agent} onClose={stop} />}
    </Page>
  );
}

interface AgentsProps {
  agents: readonly PoolAgent[];
  search: string;
  barred: string | undefined;
  onDo: (doing: Doing) => void;
}

function Agents({ agents, search, barred, onDo }: AgentsProps) {
  const { peaks, starts, error } = useToday();
  const recent = useRecent();
  const [, goTo] = useLocation();
  const rows = useMemo(() => foundAgents(agents, search), [agents, search]);
  const columns = useMemo(
    () =>
      agentColumns({
        peaks,
        starts,
        waits: longWaits(recent),
        barred,
        onEdit: (agent) => onDo({ kind: "edit", agent }),
        onDelete: (agent) => onDo({ kind: "delete", agent }),
        onGoTo: goTo,
      }),
    [peaks, starts, recent, barred, onDo, goTo],
  );
  return (
    <div className="flex flex-col gap-2">
      {error !== null && (
        <div className="flex flex-col gap-1">
          <p className="text-muted">Today's figures could not be read.</p>
          <ProblemNote error={error} />
        </div>
      )}
      {rows.length === 0 ? (
        <Empty title="No agent matches">Search for a part of a name or an id.</Empty>
      ) : (
        <WindowedTable label="Agents" columns={columns} rows={rows} keyOf={({ id }) => id} />
      )}
      <p className="text-muted">
        {counted(rows.length, "agent")}
        {rows.length === agents.length ? "" : ` of ${count(agents.length)}`}
      </p>
    </div>
  );
}
