import { useMemo } from "react";
import type { Pool, PoolAgent } from "../../../domain";
import { counted } from "../../../format";
import { type AgentColor, agentColors } from "../pool-bar/agent-colors";
import { PoolBar } from "../pool-bar/pool-bar";
import { barOf, shownAgents } from "../pool-bar/pool-bar-segments";
import { type Slots, withDraft } from "./draft";

/** The pool bar as it would be with a draft. */
export function Preview(props: {
  pool: Pool;
  agent: PoolAgent;
  colors: ReadonlyMap<string, AgentColor>;
  draft: Slots;
}) {
  const { pool, agent, draft } = props;
  const { bar, settling } = useMemo(() => {
    const then = withDraft(pool, agent, draft);
    const apart = agentColors(shownAgents(pool, agent.id));
    return { bar: barOf(then, apart), settling: then.reserved > then.limit ? 0 : then.settling };
  }, [pool, agent, draft]);
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-muted">The pool after saving</figcaption>
      <PoolBar bar={bar} label="The pool after saving" />
      <p className="min-h-[2lh] pt-2 text-muted">
        {settling > 0 &&
          `${counted(settling, "slot")} over the limit: no call is interrupted, and new calls get shared slots again once as many on them have ended.`}
      </p>
    </figure>
  );
}
