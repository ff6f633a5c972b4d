import { Link } from "wouter";
import { api, bodyOf } from "../../api/client";
import type { PoolAgent } from "../../domain";
import { count, counted } from "../../format";
import { useLive } from "../../live/live-provider";
import { DeleteQuestion } from "../shared/delete-question";

/** Asks once before it deletes an agent, and says what has to go first. */
export function DeleteAgent({ agent, onClose }: { agent: PoolAgent; onClose: () => void }) {
  const now = useLive(({ pool }) => pool.agents.find(({ id }) => id === agent.id)) ?? agent;
  return (
    <DeleteQuestion
      what="agent"
      name={now.name}
      onDelete={() => bodyOf(api.DELETE("/v1/agents/{id}", { params: { path: { id: agent.id } } }))}
      onClose={onClose}
    >
      <p>Calls can no longer be started for {agent.id}. Its ended calls and its history stay.</p>
      <InTheWay agent={now} />
    </DeleteQuestion>
  );
}

/** What keeps an agent from being deleted, with the way to each. */
function InTheWay({ agent }: { agent: PoolAgent }) {
  const live = agent.active + agent.queued;
  if (live === 0 && agent.reserved === 0) return null;
  const link = "text-accent underline";
  return (
    <div className="text-text">
      <p>Before it can be deleted:</p>
      <ul className="list-disc pl-5">
        {agent.reserved > 0 && (
          <li>
            <Link href="/concurrency" className={link}>
              remove its reservations
            </Link>{" "}
            ({counted(agent.reserved, "slot")})
          </li>
        )}
        {live > 0 && (
          <li>
            <Link href={`/calls?agent=${encodeURIComponent(agent.id)}`} className={link}>
              wait for its calls to end, or end them
            </Link>{" "}
            ({count(agent.active)} active, {count(agent.queued)} queued)
          </li>
        )}
      </ul>
    </div>
  );
}
