import { useMemo } from "react";
import type { Pool, PoolAgent } from "../../../domain";
import { agentColors } from "../pool-bar/agent-colors";
import { PoolBar } from "../pool-bar/pool-bar";
import { barOf, shownAgents } from "../pool-bar/pool-bar-segments";
import { type Slots, withDraft } from "./draft";
import type { Unsaved } from "./use-preview";
import { WhatHappens } from "./what-happens";

/** The pool bar as it would be with a draft, and what happens then. */
export function Preview(props: {
  pool: Pool;
  agent: PoolAgent;
  draft: Slots;
  /** Undefined: there is nothing that could be saved. */
  unsaved: Unsaved | undefined;
}) {
  const { pool, agent, draft, unsaved } = props;
  const bar = useMemo(() => {
    const apart = agentColors(shownAgents(pool, agent.id));
    return barOf(withDraft(pool, agent, draft), apart);
  }, [pool, agent, draft]);
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-muted">The pool after you save</figcaption>
      <PoolBar bar={bar} label="The pool after you save" />
      <WhatHappens pool={pool} unsaved={unsaved} />
    </figure>
  );
}
