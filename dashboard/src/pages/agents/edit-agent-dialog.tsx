import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { PoolAgent } from "../../domain";
import { counted } from "../../format";
import { useLive } from "../../live/live-provider";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { type AgentPut, draftErrors, draftOf, isSame, putOf } from "./agent-draft";
import { AgentFields } from "./agent-fields";

/** Renames an agent and sets its cap. */
export function EditAgentDialog({ agent, onClose }: { agent: PoolAgent; onClose: () => void }) {
  const say = useSay();
  const [draft, setDraft] = useState(() => draftOf(agent));
  const reserved = useLive(({ pool }) => pool.agents.find(({ id }) => id === agent.id)?.reserved);
  const put = (body: AgentPut) =>
    bodyOf(api.PUT("/v1/agents/{id}", { params: { path: { id: agent.id } }, body }));
  const putBack = useMutation({
    mutationFn: () => put(putOf(draftOf(agent))),
    onSuccess: ({ name }) => say(`Agent ${name} is as it was.`),
    onError: ({ message }) => say(`It could not be undone: ${message}.`),
  });
  const save = useMutation({
    mutationFn: () => put(putOf(draft)),
    onSuccess: ({ name }) => {
      say(`Agent ${name} was saved.`, { undo: () => putBack.mutate() });
      onClose();
    },
  });
  const errors = draftErrors(draft);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (Object.keys(errors).length === 0) save.mutate();
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Dialog
      title="Edit agent"
      description={`Id ${agent.id}. It cannot be changed, because calls refer to the agent by it.`}
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={!isSame(draft, draftOf(agent))} />
        <AgentFields
          draft={draft}
          errors={errors}
          onChange={setDraft}
          capHint={capHint(reserved ?? agent.reserved)}
        />
        <ProblemNote error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action="Save" isBusy={save.isPending} />
        </div>
      </form>
    </Dialog>
  );
}

function capHint(reserved: number): string {
  const least = reserved === 0 ? "" : ` At least the ${counted(reserved, "slot")} it has reserved.`;
  return `The most calls it can have active at once, across all types.${least} A lower cap ends no call.`;
}
