import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useRef, useState } from "react";
import { useSignedIn } from "../../auth/session";
import type { Org, Plan } from "../../domain";
import { Button } from "../../ui/control/button";
import { Panel } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { Loading } from "../../ui/page/page";
import { makeFirstKey } from "../developers/key-queries";
import { changeOrg, createOrg, ORGS, usePlans } from "../shared/org-queries";
import { SecretDialog } from "../shared/secret/secret-dialog";
import { createOf, draftOf, newDraft, type OrgDraft, patchOf, problemsOf } from "./org-draft";
import { OrgFields } from "./org-fields";

/** Creates an organisation, with the first key of its admin, or changes one. */
export function OrgPanel({ org, onClose }: { org?: Org; onClose: () => void }) {
  const plans = usePlans();
  const [made, setMade] = useState<{ name: string; secret: string }>();
  if (made !== undefined) {
    return (
      <SecretDialog
        title={`${made.name} was created`}
        description="Copy the secret of its admin key now. You will not see it again."
        secret={made.secret}
        onClose={onClose}
      >
        <p>
          Its admin signs in with it, creates agents and reserves slots for them, and makes further
          keys.
        </p>
      </SecretDialog>
    );
  }
  return (
    <Panel
      title={org === undefined ? "Create organisation" : `Edit ${org.name}`}
      {...(org !== undefined && { description: `Id ${org.id}` })}
      isOpen
      onClose={onClose}
    >
      <ProblemNote error={plans.error} />
      {plans.isPending && <Loading what="plans" />}
      {plans.data !== undefined && (
        <OrgForm org={org} plans={plans.data.items} onMade={setMade} onClose={onClose} />
      )}
    </Panel>
  );
}

// In sight wherever the fields are scrolled to, unless there is no room for both.
const FOOTER =
  "-mx-5 -mb-5 flex flex-col gap-3 border-line border-t bg-raised px-5 py-4 [@media(min-height:32rem)]:sticky [@media(min-height:32rem)]:-bottom-5";

interface OrgFormProps {
  org: Org | undefined;
  plans: readonly Plan[];
  /** The organisation and the key of its admin were made. */
  onMade: (made: { name: string; secret: string }) => void;
  onClose: () => void;
}

function OrgForm({ org, plans, onMade, onClose }: OrgFormProps) {
  const isNew = org === undefined;
  const [begun] = useState<OrgDraft>(() =>
    isNew ? newDraft(smallest(plans)?.id ?? "") : draftOf(org),
  );
  const [draft, setDraft] = useState(begun);
  const [isTried, setTried] = useState(false);
  const [hasKey, setHasKey] = useState(isNew);
  const save = useSave({ org, hasKey, onMade, onClose });
  const problems = problemsOf(draft, isNew);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setTried(true);
    if (Object.keys(problems).length === 0) save.mutate(draft);
    else focusFirstInvalid(event.currentTarget);
  };
  const isUnchanged = !isNew && patchOf(org, draft) === undefined;
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Unsaved when={draft !== begun} />
      <OrgFields
        draft={draft}
        problems={isTried ? problems : {}}
        plans={plans}
        isNew={isNew}
        onChange={(change) => setDraft({ ...draft, ...change })}
      />
      {isNew && (
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            checked={hasKey}
            onChange={(event) => setHasKey(event.target.checked)}
            className="mt-0.5 size-4 accent-(--accent)"
          />
          <span>
            Create the first key of its admin too
            <span className="block text-muted">Its secret is shown once, in the next step.</span>
          </span>
        </label>
      )}
      <div className={FOOTER}>
        <ProblemNote error={save.error} />
        <div className="flex flex-wrap items-center justify-end gap-2">
          {!isNew && <p className="mr-auto text-muted">No call is interrupted.</p>}
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton
            action={isNew ? "Create" : "Save"}
            isBusy={save.isPending}
            disabledBecause={isUnchanged ? "Nothing has changed yet." : undefined}
          />
        </div>
      </div>
    </form>
  );
}

function smallest(plans: OrgFormProps["plans"]) {
  return plans.toSorted((a, b) => a.limit - b.limit)[0];
}

interface Saving {
  org: Org | undefined;
  hasKey: boolean;
  onMade: OrgFormProps["onMade"];
  onClose: () => void;
}

function useSave({ org, hasKey, onMade, onClose }: Saving) {
  // Kept for another try, which then only makes the key.
  const created = useRef<Org>(undefined);
  const queries = useQueryClient();
  const say = useSay();
  const { org: current, chooseOrg } = useSignedIn();
  return useMutation({
    mutationFn: async (draft: OrgDraft) => {
      if (org === undefined) {
        created.current ??= await createOrg(createOf(draft));
        const { id, name } = created.current;
        // Not returned: the cache would keep it.
        if (hasKey) onMade({ name, secret: (await makeFirstKey(id)).secret ?? "" });
        return created.current;
      }
      const patch = patchOf(org, draft);
      return patch === undefined ? org : changeOrg(org.id, patch);
    },
    onSuccess: async (saved) => {
      await queries.invalidateQueries({ queryKey: [ORGS] });
      say(`${saved.name} is ${org === undefined ? "created" : "saved"}.`);
      if (org !== undefined || !hasKey) onClose();
      // The first of all: there was nothing to look at.
      if (current === "") chooseOrg(saved.id);
    },
  });
}
