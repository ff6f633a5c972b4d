import { createContext, useContext } from "react";
import { useLocation } from "wouter";
import type { PoolAgent } from "../../../domain";
import { RowMenu } from "../../../ui/control/menu";

/** What can be done to the agents of the table. */
export interface AgentActions {
  /** Why reservations cannot be changed; undefined when they can. */
  barred: string | undefined;
  onEdit: (agent: string) => void;
  onRemove: (agent: string) => void;
}

export const Actions = createContext<AgentActions>({
  barred: undefined,
  onEdit: () => {},
  onRemove: () => {},
});

export function AgentMenu({ agent }: { agent: PoolAgent }) {
  const { barred, onEdit, onRemove } = useContext(Actions);
  const [, navigate] = useLocation();
  const { id, name } = agent;
  return (
    <div className="flex justify-end">
      <RowMenu
        label={`Actions for ${name}`}
        actions={[
          { label: "Edit reservations", onSelect: () => onEdit(id), disabledBecause: barred },
          {
            label: "Remove agent",
            onSelect: () => onRemove(id),
            isDangerous: true,
            disabledBecause: barred ?? (agent.reserved === 0 ? NOTHING_RESERVED : undefined),
          },
          { label: "History by agent", onSelect: () => navigate("/history?by=agent") },
          { label: "Calls", onSelect: () => navigate(`/calls?agent=${encodeURIComponent(id)}`) },
        ]}
      />
    </div>
  );
}

const NOTHING_RESERVED = "Nothing is reserved for it.";
