import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useBarred } from "../../auth/session";
import { Button } from "../../ui/control/button";
import { Panel } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { suggestedId } from "../shared/field-errors";
import { draftErrors, draftOf, type GateDraft, isSame, newDraft, putOf } from "./gate-draft";
import { GateFields } from "./gate-fields";
import { createGate, putGate } from "./gate-queries";
import type { GateRow } from "./gate-rows";
import { GateSummary } from "./gate-summary";

interface GatePanelProps {
  /** Undefined: one that is to be made. */
  gate: GateRow | undefined;
  onClose: () => void;
}

// In sight wherever the fields are scrolled to, unless there is no room for both.
const FOOTER =
  "-mx-5 -mb-5 flex flex-col gap-3 border-line border-t bg-raised px-5 py-4 [@media(min-height:32rem)]:sticky [@media(min-height:32rem)]:-bottom-5";

/** Makes a gate, or shows and changes one that is. */
export function GatePanel({ gate, onClose }: GatePanelProps) {
  const barred = useBarred("admin");
  const [begun] = useState<GateDraft>(() => (gate === undefined ? newDraft() : draftOf(gate)));
  const [draft, setDraft] = useState(begun);
  const [isTried, setTried] = useState(false);
  const [isOwnId, setOwnId] = useState(false);
  const save = useSave(gate, begun, onClose);
  const isNew = gate === undefined;
  const problems = draftErrors(draft);
  const change = (part: Partial<GateDraft>) => {
    save.reset();
    const next = { ...draft, ...part };
    setDraft(isNew && !isOwnId ? { ...next, id: suggestedId(next.name) } : next);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) save.mutate(draft);
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Panel
      title={isNew ? "Create gate" : gate.name}
      description={
        isNew ? "Calls that name its id pass it on their way to a slot." : `Id ${gate.id}`
      }
      isOpen
      onClose={onClose}
    >
      {!isNew && <GateSummary gate={gate} />}
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={!isSame(draft, begun)} />
        <GateFields draft={draft} errors={isTried || !isNew ? problems : {}} onChange={change}>
          {isNew && (
            <Field
              label="Id"
              hint="Suggested from the name. It cannot be changed later."
              error={isTried ? problems.id : undefined}
            >
              <TextInput
                name="id"
                autoCapitalize="none"
                value={draft.id}
                onChange={(event) => {
                  save.reset();
                  setOwnId(true);
                  setDraft({ ...draft, id: event.target.value });
                }}
              />
            </Field>
          )}
        </GateFields>
        <div className={FOOTER}>
          <ProblemNote error={save.error} />
          <div className="flex flex-wrap items-center justify-end gap-2">
            {!isNew && <p className="mr-auto text-muted">No call is interrupted.</p>}
            <Button onClick={onClose}>Cancel</Button>
            <SubmitButton
              action={isNew ? "Create gate" : "Save"}
              isBusy={save.isPending}
              disabledBecause={barred ?? (!isNew && isSame(draft, begun) ? UNCHANGED : undefined)}
            />
          </div>
        </div>
      </form>
    </Panel>
  );
}

const UNCHANGED = "Nothing has changed yet.";

function useSave(gate: GateRow | undefined, begun: GateDraft, onClose: () => void) {
  const say = useSay();
  const queries = useQueryClient();
  const paused = gate?.paused ?? false;
  const putBack = useMutation({
    mutationFn: () => putGate(begun.id, putOf(begun, paused)),
    onSuccess: ({ name }) => say(`${name} is as it was.`),
    onError: ({ message }) => say(`It could not be undone: ${message}.`),
  });
  return useMutation({
    mutationFn: (draft: GateDraft) => {
      const put = putOf(draft, paused);
      return gate === undefined ? createGate(draft.id, put) : putGate(gate.id, put);
    },
    onSuccess: ({ name }) => {
      void queries.invalidateQueries({ queryKey: ["gates"] });
      if (gate === undefined) say(`Gate ${name} was created.`);
      else say(`${name} was saved.`, { undo: () => putBack.mutate() });
      onClose();
    },
  });
}
