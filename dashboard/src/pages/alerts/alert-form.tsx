import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { Alert } from "../../api/named";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { Select } from "../../ui/form/select";
import { SubmitButton } from "../../ui/form/submit-button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { ALERTS } from "../shared/alerts";
import {
  type AlertDraft,
  type AlertErrors,
  draftErrors,
  draftOf,
  NEW_ALERT,
  OFS,
  putOf,
  TYPES,
  WHENS,
} from "./alert-draft";

interface AlertFormProps {
  /** Undefined: one that is to be made. */
  alert: Alert | undefined;
  /** The ids that are taken. */
  taken: readonly string[];
  onClose: () => void;
}

/** Makes a rule, or changes one that is. */
export function AlertForm({ alert, taken, onClose }: AlertFormProps) {
  const say = useSay();
  const queries = useQueryClient();
  const [begun] = useState(() => (alert === undefined ? NEW_ALERT : draftOf(alert)));
  const [draft, setDraft] = useState(begun);
  const [isTried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: (put: AlertDraft) =>
      bodyOf(api.PUT("/v1/alerts/{id}", { params: { path: { id: put.id } }, body: putOf(put) })),
    onSuccess: ({ id }) => {
      say(`Alert ${id} was saved.`);
      void queries.invalidateQueries({ queryKey: [ALERTS] });
      onClose();
    },
  });
  const isNew = alert === undefined;
  const errors = draftErrors(draft);
  if (isNew && taken.includes(draft.id)) errors.id = "Another alert has this id.";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length === 0) save.mutate(draft);
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Dialog title={isNew ? "Create alert" : `Edit alert ${alert.id}`} isOpen onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={JSON.stringify(draft) !== JSON.stringify(begun)} />
        {isNew && (
          <Field
            label="Id"
            hint="Events and webhooks name it. It cannot be changed later."
            error={isTried ? errors.id : undefined}
          >
            <TextInput
              name="id"
              autoFocus
              autoCapitalize="none"
              value={draft.id}
              onChange={(event) => setDraft({ ...draft, id: event.target.value })}
            />
          </Field>
        )}
        <RuleFields draft={draft} errors={isTried ? errors : {}} onChange={setDraft} />
        <ProblemNote error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action={isNew ? "Create alert" : "Save"} isBusy={save.isPending} />
        </div>
      </form>
    </Dialog>
  );
}

interface RuleFieldsProps {
  draft: AlertDraft;
  errors: AlertErrors;
  onChange: (draft: AlertDraft) => void;
}

function RuleFields({ draft, errors, onChange }: RuleFieldsProps) {
  return (
    <>
      <Select
        label="Look at"
        value={draft.when}
        choices={WHENS}
        onChange={(when) => onChange({ ...draft, when })}
      />
      <Select
        label="Of"
        value={draft.of}
        choices={OFS}
        onChange={(of) => onChange({ ...draft, of })}
      />
      {errors.of !== undefined && <Note kind="danger">{errors.of}</Note>}
      {draft.of !== "gate" && (
        <Select
          label="Type"
          value={draft.type}
          choices={TYPES}
          onChange={(type) => onChange({ ...draft, type })}
        />
      )}
      {(draft.of === "agent" || draft.of === "gate") && (
        <Field label={`Id of the ${draft.of}`} error={errors.ofId}>
          <TextInput
            name="of"
            autoCapitalize="none"
            value={draft.ofId}
            onChange={(event) => onChange({ ...draft, ofId: event.target.value })}
          />
        </Field>
      )}
      <Field label="Above" hint="It closes below 90 % of this." error={errors.above}>
        <TextInput
          name="above"
          inputMode="decimal"
          value={draft.above}
          onChange={(event) => onChange({ ...draft, above: event.target.value })}
        />
      </Field>
      <Field
        label="For (seconds, optional)"
        hint="How long it must be above at a stretch. Empty: at once."
        error={errors.forS}
      >
        <TextInput
          name="for"
          inputMode="numeric"
          value={draft.forS}
          onChange={(event) => onChange({ ...draft, forS: event.target.value })}
        />
      </Field>
    </>
  );
}
