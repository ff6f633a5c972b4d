import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { Plan } from "../../domain";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { wholeNumberIn } from "../../ui/form/number-text";
import { SubmitButton } from "../../ui/form/submit-button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { ORGS, PLANS } from "../shared/org-queries";
import { type PlanDraft, type PlanUse, problemsOf, whatLimitDoes } from "./plan-draft";

interface PlanFormProps {
  /** The plan to change; absent: a new one. */
  plan?: Plan;
  use?: PlanUse | undefined;
  /** Ids that a new plan cannot have. */
  taken: readonly string[];
  onClose: () => void;
}

/** Creates a plan, or changes one. */
export function PlanForm(props: PlanFormProps) {
  const { plan } = props;
  return (
    <Dialog
      title={plan === undefined ? "Create plan" : `Edit ${plan.name}`}
      {...(plan !== undefined && { description: `Id ${plan.id}` })}
      isOpen
      onClose={props.onClose}
    >
      <Fields {...props} />
    </Dialog>
  );
}

function Fields({ plan, use, taken, onClose }: PlanFormProps) {
  const isNew = plan === undefined;
  const [begun] = useState<PlanDraft>(() =>
    isNew ? { id: "", name: "", limit: "" } : { ...plan, limit: String(plan.limit) },
  );
  const [draft, setDraft] = useState(begun);
  const [isTried, setTried] = useState(false);
  const save = useSave(plan, onClose);
  const problems = problemsOf(draft, taken);
  const shown = isTried ? problems : {};
  const consequence = isNew ? undefined : whatLimitDoes(plan, draft.limit, use);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) save.mutate(draft);
    else focusFirstInvalid(event.currentTarget);
  };
  const put = (change: Partial<PlanDraft>) => setDraft({ ...draft, ...change });
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Unsaved when={draft !== begun} />
      <Field label="Name" error={shown.name}>
        <TextInput
          value={draft.name}
          maxLength={200}
          onChange={(event) => put({ name: event.target.value })}
        />
      </Field>
      {isNew && (
        <Field label="Id" hint="It names the plan in the API and never changes." error={shown.id}>
          <TextInput
            value={draft.id}
            maxLength={64}
            onChange={(event) => put({ id: event.target.value })}
          />
        </Field>
      )}
      <Field
        label="Limit (calls)"
        hint="How many calls an organisation on it may have active at once."
        error={shown.limit}
      >
        <TextInput
          inputMode="numeric"
          value={draft.limit}
          onChange={(event) => put({ limit: event.target.value })}
        />
      </Field>
      <div aria-live="polite">
        {consequence !== undefined && <Note kind="warning">{consequence}</Note>}
      </div>
      <ProblemNote error={save.error} />
      <div className="flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <SubmitButton action={isNew ? "Create" : "Save"} isBusy={save.isPending} />
      </div>
    </form>
  );
}

function useSave(before: Plan | undefined, onClose: () => void) {
  const queries = useQueryClient();
  const say = useSay();
  const readAgain = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: [PLANS] }),
      queries.invalidateQueries({ queryKey: [ORGS] }),
    ]);
  const putBack = useMutation({
    mutationFn: putPlan,
    onSuccess: async ({ name }) => {
      await readAgain();
      say(`The plan ${name} is as it was.`);
    },
    onError: ({ message }) => say(`It could not be undone: ${message}.`),
  });
  return useMutation({
    mutationFn: ({ id, name, limit }: PlanDraft) =>
      putPlan({ id: id.trim(), name: name.trim(), limit: wholeNumberIn(limit) ?? 0 }),
    onSuccess: async (saved) => {
      await readAgain();
      if (before === undefined) say(`The plan ${saved.name} is created.`);
      else say(`The plan ${saved.name} is saved.`, { undo: () => putBack.mutate(before) });
      onClose();
    },
  });
}

function putPlan({ id, name, limit }: Plan): Promise<Plan> {
  return bodyOf(api.PUT("/v1/plans/{id}", { params: { path: { id } }, body: { name, limit } }));
}
