import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../../api/client";
import { type Call, END_REASON_TEXT } from "../../../domain";
import { count } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { useSay } from "../../../ui/message/toast-provider";
import { ConfirmEnd } from "./confirm-end";
import { findLive, type LiveCall } from "./current-call";
import { noteOf } from "./end-note";

/** Asks once before it ends a call, and says what that means for it now. */
export function EndCall({ call, onClose }: { call: Call; onClose: () => void }) {
  // Where not all live calls are kept, it may be one of the others: then it is as it was listed.
  const listed = { call, position: call.position ?? undefined };
  const live = useLive(
    (state) => findLive(state, call.id) ?? (state.isComplete ? undefined : listed),
  );
  const [note, setNote] = useState("");
  const queries = useQueryClient();
  const say = useSay();
  const end = useMutation({
    mutationFn: () =>
      bodyOf(
        api.POST("/v1/calls/{id}/end", {
          params: { path: { id: call.id } },
          body: noteOf(note),
        }),
      ),
    onSuccess: (ended) => {
      say(`Call ${ended.id} has ended: ${ended.reason ? END_REASON_TEXT[ended.reason] : "ended"}.`);
      onClose();
      return queries.invalidateQueries({ queryKey: ["calls"] });
    },
  });
  return (
    <ConfirmEnd
      title={`End call ${call.id}?`}
      action="End call"
      consequence={[consequence(live)]}
      note={note}
      onNote={setNote}
      end={end}
      onClose={onClose}
    />
  );
}

/** What ending a call does to it. */
function consequence(live: LiveCall | undefined): string {
  if (live === undefined) {
    return "It is no longer live. If it has already ended, nothing changes.";
  }
  if (live.call.state === "queued") {
    const place = live.position === undefined ? "" : ` at position ${count(live.position)}`;
    return `It is queued${place}. It will leave the queue as canceled, without taking a slot.`;
  }
  return "It is active. Callslot frees its slot and records the call as completed. Callslot carries no media: the caller is cut off only if the engine hangs up.";
}
