import { useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { count } from "../../format";
import { DeleteQuestion } from "../shared/delete-question";
import { callsOfGate } from "../shared/gate-address";
import { deleteGate } from "./gate-queries";
import type { GateRow } from "./gate-rows";

/** Asks once before it deletes a gate, and says what has to go first. */
export function DeleteGate({ gate, onClose }: { gate: GateRow; onClose: () => void }) {
  const queries = useQueryClient();
  const { active = 0, queued = 0 } = gate;
  return (
    <DeleteQuestion
      what="gate"
      name={gate.name}
      onDelete={() => deleteGate(gate.id)}
      onDeleted={() => queries.invalidateQueries({ queryKey: ["gates"] })}
      onClose={onClose}
    >
      <p>Calls that name {gate.id} will be refused. Ended calls keep its id.</p>
      {active + queued > 0 && (
        <p className="text-text">
          Before it can be deleted,{" "}
          <Link href={callsOfGate(gate.id)} className="text-accent underline">
            its calls must end
          </Link>{" "}
          ({count(active)} active, {count(queued)} waiting).
        </p>
      )}
    </DeleteQuestion>
  );
}
