import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { count } from "../../format";
import { Confirm } from "../../ui/dialog/dialog";
import { useSay } from "../../ui/message/toast-provider";
import { callsOfGate } from "../shared/gate-address";
import { deleteGate } from "./gate-queries";
import type { GateRow } from "./gate-rows";

/** Asks once before it deletes a gate, and says what has to go first. */
export function DeleteGate({ gate, onClose }: { gate: GateRow; onClose: () => void }) {
  const say = useSay();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => deleteGate(gate.id),
    onSuccess: () => {
      say(`Gate ${gate.name} was deleted.`);
      void queries.invalidateQueries({ queryKey: ["gates"] });
      onClose();
    },
  });
  const { active = 0, queued = 0 } = gate;
  return (
    <Confirm
      title={`Delete gate ${gate.name}?`}
      action="Delete gate"
      isOpen
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
      consequence={
        <div className="flex flex-col gap-2">
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
        </div>
      }
    />
  );
}
