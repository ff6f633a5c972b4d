import { CALL_TYPES, type PoolAgent, TYPE_NAME } from "../../../domain";
import type { OwnCard } from "../../../ui/table/table-column";
import { AgentName } from "../agents/agent-name";
import type { AgentColor } from "../pool-bar/agent-colors";
import { AgentMenu } from "./agent-menu";
import { InUse, WaitingCount } from "./matrix-columns";
import { TypeCell } from "./type-cell";

/** An agent where the table has no room for its columns. */
export function agentCard(colors: ReadonlyMap<string, AgentColor>): OwnCard<PoolAgent> {
  return { rem: 8, show: (agent) => <AgentFacts agent={agent} color={colors.get(agent.id)} /> };
}

function AgentFacts({ agent, color }: { agent: PoolAgent; color: AgentColor | undefined }) {
  return (
    <div className="flex h-full flex-col justify-between py-2">
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
    </div>
  );
}
