import { Combobox } from "@base-ui/react/combobox";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import type { PoolAgent } from "../../../domain";
import { count } from "../../../format";
import { INPUT_LOOK } from "../../../ui/form/field";
import { Empty } from "../../../ui/page/page";
import { foundAgents } from "../agents/agent-lists";
import { AgentName } from "../agents/agent-name";
import { useFocusFirst } from "./use-focus-first";

/** This many agents are listed at once; typing finds the others. */
const MOST_LISTED = 50;

/** Finds an agent by its name or id. */
export function ChooseAgent(props: {
  agents: readonly PoolAgent[];
  onChoose: (agent: string) => void;
}) {
  const { agents, onChoose } = props;
  const [search, setSearch] = useState("");
  const input = useFocusFirst<HTMLInputElement>();
  const found = useMemo(() => foundAgents(agents, search), [agents, search]);
  const byId = useMemo(() => new Map(agents.map((agent) => [agent.id, agent])), [agents]);
  const ids = found.slice(0, MOST_LISTED).map(({ id }) => id);
  if (agents.length === 0) return <NoAgents />;
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

function NoAgents() {
  return (
    <Empty title="No agents yet">
      Slots are reserved for agents. Create one on the{" "}
      <Link href="/agents" className="text-accent underline underline-offset-2">
        Agents
      </Link>{" "}
      page first.
    </Empty>
  );
}
