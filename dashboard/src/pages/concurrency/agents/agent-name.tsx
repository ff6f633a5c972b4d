import { groundOf, STRIPES } from "../pool-bar/agent-color-classes";
import type { AgentColor } from "../pool-bar/agent-colors";

/** An agent's name, with the colour it has in the pool bar and its id where that is another. */
export function AgentName(props: {
  agent: { id: string; name: string };
  color?: AgentColor | undefined;
  hasSwatch?: boolean;
}) {
  const { agent, color, hasSwatch = true } = props;
  return (
    <span className="flex min-w-0 items-center gap-2">
      {hasSwatch && (
        <span
          aria-hidden="true"
          className={`size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOf(color).solid}`}
          style={color?.isStriped ? STRIPES : undefined}
        />
      )}
      {/* A name may be written from right to left: it is kept from turning what stands beside it. */}
      <bdi className="truncate" title={agent.name}>
        {agent.name}
      </bdi>
      {agent.id !== agent.name.toLowerCase() && (
        <span className="shrink-[999] truncate font-mono text-muted text-xs">{agent.id}</span>
      )}
    </span>
  );
}
