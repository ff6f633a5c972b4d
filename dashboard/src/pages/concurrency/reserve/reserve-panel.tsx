import { useState } from "react";
import type { Pool } from "../../../domain";
import { Button } from "../../../ui/control/button";
import { Confirm, Panel } from "../../../ui/dialog/dialog";
import { Note } from "../../../ui/message/note";
import type { ReserveFor } from "../address";
import { ChooseAgent } from "./choose-agent";
import type { Slots } from "./draft";
import { PastUse } from "./past-use";
import { ReserveForm } from "./reserve-form";
import { useDiscard } from "./use-discard";

/** Numbers that the form of an agent begins with. */
export interface Suggested {
  agent: string;
  slots: Slots;
}

interface ReservePanelProps {
  pool: Pool;
  /** What the address says that it is open for. Undefined: it is closed. */
  reserveFor: ReserveFor | undefined;
  suggested?: Suggested | undefined;
  onOpen: (reserveFor: ReserveFor) => void;
  onClose: () => void;
}

/** The panel in which slots are reserved for an agent. What was typed in it is not lost without a question. */
export function ReservePanel(props: ReservePanelProps) {
  const { pool, suggested, onOpen } = props;
  const { open, isAsking, setTyped, leave, leaveNow, keep, discard } = useDiscard(props);
  const shown = useLast(open);
  if (shown === undefined) return null;
  if (shown === "choose") {
    return (
      <Panel
        title="Reserve slots"
        description="Choose the agent to reserve slots for."
        isOpen={open !== undefined}
        onClose={leave}
      >
        <ChooseAgent agents={pool.agents} onChoose={(agent) => onOpen({ agent })} />
      </Panel>
    );
  }
  const agent = pool.agents.find(({ id }) => id === shown.agent);
  return (
    <Panel
      title={`Reserve slots for ${agent?.name ?? shown.agent}`}
      description="No other agent can use its reserved slots, even while they are idle."
      isOpen={open !== undefined}
      onClose={leave}
    >
      {agent === undefined ? (
        <>
          <Note kind="warning" role="alert">
            There is no agent {shown.agent}. It may have been deleted in the meantime.
          </Note>
          <Button onClick={() => onOpen("choose")}>Choose another agent</Button>
        </>
      ) : (
        <ReserveForm
          key={agent.id}
          pool={pool}
          agent={agent}
          suggested={suggested?.agent === agent.id ? suggested.slots : undefined}
          past={<PastUse agent={agent} />}
          onTyped={setTyped}
          onCancel={leave}
          onSaved={leaveNow}
        />
      )}
      <Confirm
        title="Discard your changes?"
        consequence={`What you typed for ${agent?.name ?? shown.agent} has not been saved.`}
        action="Discard"
        isOpen={isAsking}
        isBusy={false}
        error={null}
        onConfirm={discard}
        onClose={keep}
      />
    </Panel>
  );
}

/** What the panel is open for, or was while it closes. */
function useLast(reserveFor: ReserveFor | undefined): ReserveFor | undefined {
  const [last, setLast] = useState(reserveFor);
  if (reserveFor !== undefined && reserveFor !== last) setLast(reserveFor);
  return reserveFor ?? last;
}
