import { useEffect, useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import type { PoolAgent } from "../../../domain";
import { count } from "../../../format";
import { Button } from "../../../ui/control/button";
import { SearchList } from "../../../ui/dialog/search-list";
import { Empty } from "../../../ui/page/page";
import { CreateAgentDialog } from "../../agents/create-agent-dialog";
import { foundAgents } from "../agents/agent-lists";
import { AgentName } from "../agents/agent-name";
import { useFocusFirst } from "./use-focus-first";

/** This many agents are listed at once; typing finds the others. */
const MOST_LISTED = 50;

interface ChooseAgentProps {
  agents: readonly PoolAgent[];
  onChoose: (agent: string) => void;
}

/** Finds an agent by its name or id, or makes one, which is chosen as soon as it is there. */
export function ChooseAgent({ agents, onChoose }: ChooseAgentProps) {
  const [isCreating, setCreating] = useState(false);
  const [created, setCreated] = useState<string>();
  const barred = useBarred("admin");
  const isThere = created !== undefined && agents.some(({ id }) => id === created);
  useEffect(() => {
    if (isThere) onChoose(created);
  }, [isThere, created, onChoose]);
  const create = (
    <Button disabledBecause={barred} onClick={() => setCreating(true)}>
      Create agent
    </Button>
  );
  return (
    <>
      {agents.length === 0 ? (
        <Empty title="No agents yet" action={create}>
          Slots are reserved for agents. Create the first one here.
        </Empty>
      ) : (
        <>
          <FindAgent agents={agents} onChoose={onChoose} />
          <div>{create}</div>
        </>
      )}
      {isCreating && (
        <CreateAgentDialog onCreated={setCreated} onClose={() => setCreating(false)} />
      )}
    </>
  );
}

function FindAgent({ agents, onChoose }: ChooseAgentProps) {
  const [search, setSearch] = useState("");
  const input = useFocusFirst<HTMLInputElement>();
  const found = useMemo(() => foundAgents(agents, search), [agents, search]);
  return (
    <SearchList
      label="Search agents"
      input={input}
      search={search}
      onSearch={setSearch}
      found={found.slice(0, MOST_LISTED)}
      keyOf={({ id }) => id}
      draw={(agent) => (
        <>
          <AgentName agent={agent} hasSwatch={false} />
          <span className="text-muted whitespace-nowrap">{reservedWords(agent)}</span>
        </>
      )}
      onPick={({ id }) => onChoose(id)}
      said={foundWords(found.length)}
      look="min-h-32"
    />
  );
}

function foundWords(found: number): string | undefined {
  if (found === 0) return "No agent has this in its name or id.";
  if (found <= MOST_LISTED) return undefined;
  return `The first ${count(MOST_LISTED)} of ${count(found)} agents. Type to search the rest.`;
}

function reservedWords({ reserved }: PoolAgent): string {
  return reserved === 0 ? "no reservation" : `${count(reserved)} reserved`;
}
