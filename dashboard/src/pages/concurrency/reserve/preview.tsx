import { useMemo } from "react";
import type { Pool, PoolAgent } from "../../../domain";
import { count, counted } from "../../../format";
import { type AgentColor, agentColors } from "../pool-bar/agent-colors";
import { PoolBar } from "../pool-bar/pool-bar";
import { barOf, overWords, shownAgents } from "../pool-bar/pool-bar-segments";
import { type Slots, withDraft } from "./draft";

/** The pool bar as it would be with a draft, and what happens then. */
export function Preview(props: {
  pool: Pool;
  agent: PoolAgent;
  colors: ReadonlyMap<string, AgentColor>;
  draft: Slots;
}) {
  const { pool, agent, draft } = props;
  const { bar, words } = useMemo(() => {
    const then = withDraft(pool, agent, draft);
    const apart = agentColors(shownAgents(pool, agent.id));
    return { bar: barOf(then, apart), words: whatHappens(pool, then) };
  }, [pool, agent, draft]);
  return (
    <figure className="flex flex-col gap-2">
      <figcaption className="text-muted">The pool after you save</figcaption>
      <PoolBar bar={bar} label="The pool after you save" />
      <p className="min-h-[2lh] pt-2 text-muted">{words}</p>
    </figure>
  );
}

/** What saving does to the shared slots, and to calls on them. */
export function whatHappens(now: Pool, then: Pool): string {
  if (then.reserved > then.limit) return "";
  const [before, after] = [Math.max(0, now.shared.size), Math.max(0, then.shared.size)];
  const shared =
    before === after
      ? `${counted(after, "slot")} stay${after === 1 ? "s" : ""} shared.`
      : `Shared slots go from ${count(before)} to ${count(after)}.`;
  // What settles already is no doing of the draft.
  const more = then.settling > now.settling ? ` ${overWords(then.settling)}` : "";
  return `${shared}${more}`;
}
