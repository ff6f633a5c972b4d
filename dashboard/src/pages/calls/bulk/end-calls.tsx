import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, bodyOf } from "../../../api/client";
import { counted } from "../../../format";
import { useSay } from "../../../ui/message/toast-provider";
import { ConfirmEnd } from "../call/confirm-end";
import { noteOf } from "../call/end-note";
import { consequence, howMany, type ToEnd } from "./to-end";

interface EndCallsProps {
  calls: ToEnd;
  onClose: () => void;
  /** They have ended. */
  onEnded?: () => void;
}

/** Asks once before it ends many calls, and says how many and what that means for them. */
export function EndCalls({ calls, onClose, onEnded }: EndCallsProps) {
  const [note, setNote] = useState("");
  const queries = useQueryClient();
  const say = useSay();
  // What was done before something failed counts, too.
  const sent = useRef({ asks: 0, ended: 0 });
  const end = useMutation({
    mutationFn: async () => {
      for (const ask of calls.asks.slice(sent.current.asks)) {
        const body = { ...ask, ...noteOf(note) };
        const { ended } = await bodyOf(api.POST("/v1/calls/end", { body }));
        sent.current = { asks: sent.current.asks + 1, ended: sent.current.ended + ended };
      }
      return sent.current.ended;
    },
    onSuccess: (ended) => {
      say(`${counted(ended, "call")} ended.`);
      onEnded?.();
      onClose();
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["calls"] }),
  });
  const whose = calls.of ? ` (${calls.of})` : "";
  return (
    <ConfirmEnd
      title={`End ${howMany(calls)}${whose}?`}
      action={`End ${howMany(calls)}`}
      consequence={consequence(calls)}
      note={note}
      onNote={setNote}
      end={end}
      onClose={onClose}
    />
  );
}
