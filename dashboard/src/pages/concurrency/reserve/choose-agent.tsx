import { Combobox } from "@base-ui/react/combobox";
import { useEffect, useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import type { PoolAgent } from "../../../domain";
import { count } from "../../../format";
import { Button } from "../../../ui/control/button";
import { INPUT_LOOK } from "../../../ui/form/field";
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
  const byId = useMemo(() => new Map(agents.map((agent) => [agent.id, agent])), [agents]);
  const ids = found.slice(0, MOST_LISTED).map(({ id }) => id);
  return (
    <Combobox.Root
      inline
      open
      autoHighlight
      items={ids}
      filter={null}
      value={null}
      inputValue={search}
      onInputValueChange={(value, { reason }) => reason !== "item-press" && setSearch(value)}
      onValueChange={(id: string | null) => id !== null && onChoose(id)}
    >
      <Combobox.Input
        ref={input}
        aria-label="Search agents"
        placeholder="Search agents"
        className={`${INPUT_LOOK} shrink-0`}
      />
      <p role="status" className="text-muted">
        {found.length > MOST_LISTED
          ? `The first ${count(MOST_LISTED)} of ${count(found.length)} agents. Type to search the rest.`
          : found.length === 0
            ? "No agent has this in its name or id."
            : ""}
      </p>
      <Combobox.List aria-label="Agents" className="-mx-2 flex flex-col overflow-y-auto">
        {(id: string) => (
          <Combobox.Item
            key={id}
            value={id}
            className="flex cursor-default items-center justify-between gap-3 rounded-md px-2 py-1.5 data-highlighted:bg-sunken"
          >
            <AgentName agent={byId.get(id) ?? { id, name: id }} hasSwatch={false} />
            <span className="text-muted whitespace-nowrap">{reservedWords(byId.get(id))}</span>
          </Combobox.Item>
        )}
      </Combobox.List>
    </Combobox.Root>
  );
}

function reservedWords(agent: PoolAgent | undefined): string {
  const reserved = agent?.reserved ?? 0;
  return reserved === 0 ? "no reservation" : `${count(reserved)} reserved`;
}
