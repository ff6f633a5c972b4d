import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Webhook } from "../../api/named";
import { CALL_TYPES, TYPE_NAME } from "../../domain";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { CheckBox, Checks } from "./checks";
import {
  bodyFor,
  draftErrors,
  draftOf,
  EVENTS,
  NEW_WEBHOOK,
  type WebhookDraft,
  type WebhookErrors,
} from "./webhook-draft";
import { changeWebhook, createWebhook, WEBHOOKS } from "./webhook-queries";

interface WebhookFormProps {
  /** Undefined: one that is to be made. */
  webhook: Webhook | undefined;
  /** Shows the secret of one that was made. */
  onSecret: (of: { url: string; secret: string }) => void;
  onClose: () => void;
}

/** Makes a webhook, or changes one that is. */
export function WebhookForm({ webhook, onSecret, onClose }: WebhookFormProps) {
  const say = useSay();
  const queries = useQueryClient();
  const [begun] = useState(() => (webhook === undefined ? NEW_WEBHOOK : draftOf(webhook)));
  const [draft, setDraft] = useState(begun);
  const [isTried, setTried] = useState(false);
  const isNew = webhook === undefined;
  const save = useMutation({
    mutationFn: async () => {
      if (!isNew) {
        await changeWebhook(webhook.id, bodyFor(draft));
        say("The webhook was saved.");
        return;
      }
      const { url, secret } = await createWebhook(bodyFor(draft));
      // Not returned: the cache would keep it.
      onSecret({ url, secret: secret ?? "" });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: [WEBHOOKS] });
      onClose();
    },
  });
  const errors = draftErrors(draft);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(errors).length === 0) save.mutate();
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Dialog title={isNew ? "Create webhook" : "Edit webhook"} isOpen onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={JSON.stringify(draft) !== JSON.stringify(begun)} />
        <WebhookFields draft={draft} errors={isTried ? errors : {}} onChange={setDraft} />
        <ProblemNote error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action={isNew ? "Create webhook" : "Save"} isBusy={save.isPending} />
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps {
  draft: WebhookDraft;
  errors: WebhookErrors;
  onChange: (draft: WebhookDraft) => void;
}

function WebhookFields({ draft, errors, onChange }: FieldsProps) {
  const text = (name: "url" | "agents" | "gates" | "description") => (
    <TextInput
      name={name}
      inputMode={name === "url" ? "url" : "text"}
      autoFocus={name === "url"}
      autoCapitalize="none"
      maxLength={name === "description" ? 1000 : 10_000}
      value={draft[name]}
      onChange={(event) => onChange({ ...draft, [name]: event.target.value })}
    />
  );
  return (
    <>
      <Field label="Address" hint="Events are sent to it with POST." error={errors.url}>
        {text("url")}
      </Field>
      <Checks
        label="Events"
        error={errors.events}
        choices={EVENTS.map((value) => ({ value, label: value }))}
        chosen={draft.isAll ? EVENTS : draft.events}
        isDisabled={draft.isAll}
        onChange={(events) => onChange({ ...draft, events })}
      >
        <CheckBox
          label="All, also those of newer servers"
          isOn={draft.isAll}
          onChange={(isAll) => onChange({ ...draft, isAll })}
        />
      </Checks>
      <Checks
        label="Calls of the types"
        error={errors.types}
        choices={CALL_TYPES.map((value) => ({ value, label: TYPE_NAME[value] }))}
        chosen={draft.types}
        onChange={(types) => onChange({ ...draft, types })}
      />
      <Field label="Agents (optional)" hint="Ids with commas. Empty: all." error={errors.agents}>
        {text("agents")}
      </Field>
      <Field label="Gates (optional)" hint="Ids with commas. Empty: all." error={errors.gates}>
        {text("gates")}
      </Field>
      <Field label="Description (optional)">{text("description")}</Field>
      <CheckBox
        label="Its 2xx to call.started claims a call that is to be claimed"
        isOn={draft.claims}
        onChange={(claims) => onChange({ ...draft, claims })}
      />
    </>
  );
}
