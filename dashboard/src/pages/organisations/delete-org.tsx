import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSignedIn } from "../../auth/session";
import type { Org } from "../../domain";
import { counted } from "../../format";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Field, TextInput } from "../../ui/form/field";
import { SubmitButton } from "../../ui/form/submit-button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { deleteOrg, ORGS } from "../shared/org-queries";

/** Asks for the id of an organisation before it is deleted. */
export function DeleteOrg({ org, onClose }: { org: Org; onClose: () => void }) {
  const { org: current, chooseOrg } = useSignedIn();
  const queries = useQueryClient();
  const say = useSay();
  const [typed, setTyped] = useState("");
  const remove = useMutation({
    mutationFn: () => deleteOrg(org.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [ORGS] });
      say(`${org.name} was deleted.`);
      onClose();
      if (org.id === current) chooseOrg(null);
    },
  });
  const isSame = typed.trim() === org.id;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isSame && !remove.isPending) remove.mutate();
  };
  return (
    <Dialog
      title={`Delete ${org.name}?`}
      description="Its agents, reservations and settings are deleted too, and its API keys stop working. This cannot be undone."
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        {org.live_calls > 0 && (
          <Note kind="warning">
            It has {counted(org.live_calls, "live call")}. It can be deleted once they have ended.
          </Note>
        )}
        <Field label={`Type its id, ${org.id}, to confirm`}>
          <TextInput autoFocus value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Field>
        <ProblemNote error={remove.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton
            kind="danger"
            action="Delete"
            isBusy={remove.isPending}
            disabledBecause={isSame ? undefined : "Type the id first."}
          />
        </div>
      </form>
    </Dialog>
  );
}
