import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Webhook } from "../../api/named";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Field, TextInput } from "../../ui/form/field";
import { wholeNumberIn } from "../../ui/form/number-text";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { DELIVERIES, redeliver, WEBHOOKS } from "./webhook-queries";

/** Delivers everything after an event once more. */
export function RedeliverFrom({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const say = useSay();
  const queries = useQueryClient();
  const [text, setText] = useState("");
  const [isTried, setTried] = useState(false);
  const after = wholeNumberIn(text);
  const send = useMutation({
    mutationFn: (seq: number) => redeliver(webhook.id, { after: seq }),
    onSuccess: (_, seq) => {
      say(`Everything after event ${seq} is delivered again.`);
      void queries.invalidateQueries({ queryKey: [WEBHOOKS] });
      void queries.invalidateQueries({ queryKey: [DELIVERIES] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (after !== undefined && !send.isPending) send.mutate(after);
  };
  return (
    <Dialog
      title="Redeliver from an event on"
      description={`Everything after this event that the log still has is sent to ${webhook.url} again.`}
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="After the event number"
          hint="Deliveries show it after #."
          error={isTried && after === undefined ? "Enter a whole number." : undefined}
        >
          <TextInput
            autoFocus
            inputMode="numeric"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
        <ProblemNote error={send.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action="Redeliver" isBusy={send.isPending} />
        </div>
      </form>
    </Dialog>
  );
}
