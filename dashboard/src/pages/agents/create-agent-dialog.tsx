import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, TextInput } from "../../ui/field";
import { ProblemNote } from "../../ui/problem-note";
import { useSay } from "../../ui/toasts";
import { draftErrors, NEW_AGENT, putOf } from "./agent-draft";
import { AgentFields } from "./agent-fields";
import { createAgent } from "./create-agent";

/** Makes an agent, and never changes one that is. */
export function CreateAgentDialog({ onClose }: { onClose: () => void }) {
  const say = useSay();
  const [draft, setDraft] = useState(NEW_AGENT);
  const [isTried, setTried] = useState(false);
  const create = useMutation({
    mutationFn: () => createAgent(draft.id, putOf(draft)),
    onSuccess: (outcome) => {
      say(
        outcome === "created"
          ? `Agent ${draft.name} was created.`
          : `Someone else created ${draft.id} at the same time. It now has your name and cap.`,
      );
      onClose();
    },
  });
  const errors = isTried ? draftErrors(draft) : {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(draftErrors(draft)).length === 0) create.mutate();
  };
  return (
    <Dialog
      title="Create agent"
      description="An agent is a bot that handles calls. Calls refer to it by its id."
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Field
          label="Id"
          hint="1 to 64 letters, digits, - _ . and :. It cannot be changed later."
          error={errors.id}
        >
          <TextInput
            name="id"
            autoFocus
            autoCapitalize="none"
            value={draft.id}
            onChange={(event) => {
              create.reset();
              setDraft({ ...draft, id: event.target.value });
            }}
          />
        </Field>
        <AgentFields draft={draft} errors={errors} onChange={setDraft} />
        <ProblemNote error={create.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={create.isPending}>
            Create agent
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
