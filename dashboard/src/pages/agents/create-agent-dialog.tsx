import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { suggestedId } from "../shared/field-errors";
import { type AgentDraft, draftErrors, isSame, NEW_AGENT, putOf } from "./agent-draft";
import { AgentFields } from "./agent-fields";
import { createAgent } from "./create-agent";

/** Makes an agent, and never changes one that is. */
export function CreateAgentDialog(props: {
  onCreated?: (id: string) => void;
  onClose: () => void;
}) {
  const { onCreated, onClose } = props;
  const say = useSay();
  const [draft, setDraft] = useState(NEW_AGENT);
  const [isTried, setTried] = useState(false);
  const [isOwnId, setOwnId] = useState(false);
  const put = (next: AgentDraft) => {
    create.reset();
    setDraft(isOwnId ? next : { ...next, id: suggestedId(next.name) });
  };
  const create = useMutation({
    mutationFn: () => createAgent(draft.id, putOf(draft)),
    onSuccess: (outcome) => {
      say(
        outcome === "created"
          ? `Agent ${draft.name} was created.`
          : `Someone else created ${draft.id} at the same time. It now has your name and cap.`,
      );
      onCreated?.(draft.id);
      onClose();
    },
  });
  const errors = isTried ? draftErrors(draft) : {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(draftErrors(draft)).length === 0) create.mutate();
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Dialog
      title="Create agent"
      description="An agent is a bot that handles calls. Calls refer to it by its id."
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={!isSame(draft, NEW_AGENT)} />
        <AgentFields draft={draft} errors={errors} onChange={put} isFocused>
          <Field
            label="Id"
            hint="Suggested from the name. 1 to 64 letters, digits, - _ . and :. It cannot be changed later."
            error={errors.id}
          >
            <TextInput
              name="id"
              autoCapitalize="none"
              value={draft.id}
              onChange={(event) => {
                create.reset();
                setOwnId(true);
                setDraft({ ...draft, id: event.target.value });
              }}
            />
          </Field>
        </AgentFields>
        <ProblemNote error={create.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action="Create agent" isBusy={create.isPending} />
        </div>
      </form>
    </Dialog>
  );
}
