import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { counted } from "../../format";
import { useSay } from "../../ui/message/toast-provider";
import { ConfirmEnd } from "../calls/call/confirm-end";
import { noteOf } from "../calls/call/end-note";
import { cancelWaiting } from "./gate-queries";
import type { GateRow } from "./gate-rows";

/** Asks once before the waiting calls of a gate are canceled. */
export function CancelWaiting({ gate, onClose }: { gate: GateRow; onClose: () => void }) {
  const say = useSay();
  const queries = useQueryClient();
  const [note, setNote] = useState("");
  const cancel = useMutation({
    mutationFn: () => cancelWaiting(gate.id, noteOf(note)),
    onSuccess: (ended) => {
      say(`${counted(ended, "call")} of ${gate.name} ${ended === 1 ? "was" : "were"} canceled.`);
      void queries.invalidateQueries({ queryKey: ["gates"] });
      onClose();
    },
  });
  const calls = counted(gate.queued ?? 0, "waiting call");
  return (
    <ConfirmEnd
      title={`Cancel ${calls} of ${gate.name}?`}
      action={`Cancel ${calls}`}
      consequence={[
        "They leave the queue as canceled, without a slot. Calls that are active go on, and new ones are taken.",
      ]}
      note={note}
      onNote={setNote}
      end={cancel}
      onClose={onClose}
    />
  );
}
