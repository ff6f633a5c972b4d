import { useState } from "react";
import type { Pool } from "../../../domain";
import { Button } from "../../../ui/button";
import { Panel } from "../../../ui/dialog";
import { Note } from "../../../ui/note";
import type { ReserveFor } from "../address";
import type { AgentColor } from "../pool-bar/agent-colors";
import { ChooseAgent } from "./choose-agent";
import { ReserveForm } from "./reserve-form";

interface ReservePanelProps {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  /** Undefined: it is closed. */
  reserveFor: ReserveFor | undefined;
  onChoose: (agent: string) => void;
  onChooseAgain: () => void;
  onClose: () => void;
}

/** The panel in which slots are reserved for an agent. */
export function ReservePanel(props: ReservePanelProps) {
  const { pool, reserveFor, onClose } = props;
  const shown = useLast(reserveFor);
  const isOpen = reserveFor !== undefined;
  if (shown === undefined) return null;
  if (shown === "choose") {
    return (
      <Panel
        title="Reserve concurrency"
        description="Choose the agent to reserve slots for."
        isOpen={isOpen}
        onClose={onClose}
      >
        <ChooseAgent agents={pool.agents} onChoose={props.onChoose} />
      </Panel>
    );
  }
  const agent = pool.agents.find(({ id }) => id === shown.agent);
  return (
    <Panel
      title={agent?.name ?? shown.agent}
      description="Slots reserved for this agent, by call type. No other agent can use them, even while idle."
      isOpen={isOpen}
      onClose={onClose}
    >
      {agent === undefined ? (
        <>
          <Note kind="warning" role="alert">
            This agent was deleted in the meantime.
          </Note>
          <Button onClick={props.onChooseAgain}>Choose another agent</Button>
        </>
      ) : (
        <ReserveForm
          key={agent.id}
          pool={pool}
          agent={agent}
          colors={props.colors}
          onClose={onClose}
        />
      )}
    </Panel>
  );
}

/** What the panel is open for, or was while it closes. */
function useLast(reserveFor: ReserveFor | undefined): ReserveFor | undefined {
  const [last, setLast] = useState(reserveFor);
  if (reserveFor !== undefined && reserveFor !== last) setLast(reserveFor);
  return reserveFor ?? last;
}
