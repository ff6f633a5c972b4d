import { memo, useRef } from "react";
import { CALL_TYPES, type PoolAgent, TYPE_NAME } from "../../../domain";
import { usePageWindow } from "../../../ui/page-window";
import { remToPx } from "../../../ui/row-height";
import { AgentName } from "../agents/agent-name";
import type { AgentColor } from "../pool-bar/agent-colors";
import { AgentMenu } from "./agent-menu";
import { InUse, WaitingCount } from "./matrix-columns";
import { TypeCell } from "./type-cell";

const CARD_REM = 8;

/** The agents where a table has no room: a card each, of one height. */
export function AgentCards(props: {
  label: string;
  agents: readonly PoolAgent[];
  colors: ReadonlyMap<string, AgentColor>;
}) {
  const { agents, colors } = props;
  const list = useRef<HTMLUListElement>(null);
  const cardPx = remToPx(CARD_REM);
  const { first, end } = usePageWindow(list, agents.length, cardPx);
  return (
    <ul
      ref={list}
      aria-label={props.label}
      style={{ paddingTop: first * cardPx, paddingBottom: (agents.length - end) * cardPx }}
    >
      {agents.slice(first, end).map((agent, at) => (
        <AgentCard
          key={agent.id}
          agent={agent}
          color={colors.get(agent.id)}
          place={first + at + 1}
          of={agents.length}
        />
      ))}
    </ul>
  );
}

interface AgentCardProps {
  agent: PoolAgent;
  color: AgentColor | undefined;
  place: number;
  of: number;
}

const AgentCard = memo(function AgentCard({ agent, color, place, of }: AgentCardProps) {
  return (
    <li
      aria-posinset={place}
      aria-setsize={of}
      className="flex flex-col justify-between border-line border-t px-4 py-2"
      style={{ height: `${CARD_REM}rem` }}
    >
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1 font-medium">
          <AgentName agent={agent} color={color} />
        </span>
        <span className="whitespace-nowrap">
          <InUse active={agent.active} /> <span className="text-muted">in use</span>
        </span>
        {agent.queued > 0 && (
          <span className="whitespace-nowrap">
            <WaitingCount queued={agent.queued} /> <span className="text-muted">waiting</span>
          </span>
        )}
        <AgentMenu agent={agent} />
      </div>
      <dl className="grid grid-cols-4 gap-3">
        {CALL_TYPES.map((type) => (
          <div key={type} className="min-w-0">
            <dt className="truncate text-muted text-xs">{TYPE_NAME[type]}</dt>
            <dd>
              <TypeCell agent={agent} type={type} color={color} />
            </dd>
          </div>
        ))}
      </dl>
    </li>
  );
});
