import { CALL_TYPES, type Plan, TYPE_NAME } from "../../domain";
import { count } from "../../format";
import { Button } from "../../ui/control/button";
import { Field, TextInput } from "../../ui/form/field";
import { Select } from "../../ui/form/select";
import { type DraftProblems, type OrgDraft, secondsInWords } from "./org-draft";

interface OrgFieldsProps {
  draft: OrgDraft;
  problems: DraftProblems;
  plans: readonly Plan[];
  isNew: boolean;
  onChange: (change: Partial<OrgDraft>) => void;
}

/** All that can be said of an organisation. */
export function OrgFields(props: OrgFieldsProps) {
  const { draft, problems, isNew, onChange } = props;
  return (
    <>
      <Field label="Name" error={problems.name}>
        <TextInput
          value={draft.name}
          maxLength={200}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      {isNew && (
        <Field
          label="Id (optional)"
          hint="It identifies the organisation in the API and never changes. Leave it empty to have one generated."
          error={problems.id}
        >
          <TextInput
            value={draft.id}
            maxLength={64}
            onChange={(event) => onChange({ id: event.target.value })}
          />
        </Field>
      )}
      <LimitFields {...props} />
      <Field
        label="Maximum call duration without a lease (seconds)"
        hint={secondsInWords(
          draft.maxCallDurationS,
          "Unlimited.",
          isNew ? "Empty: 4 h, the default. 0: unlimited." : "0: unlimited.",
        )}
        error={problems.maxCallDurationS}
      >
        <TextInput
          inputMode="numeric"
          value={draft.maxCallDurationS}
          onChange={(event) => onChange({ maxCallDurationS: event.target.value })}
        />
      </Field>
      <WaitFields {...props} />
      <Field
        label="Max queued (calls)"
        hint={isNew ? "Empty: 1,000,000, the default." : "Further calls are refused."}
        error={problems.maxQueued}
      >
        <TextInput
          inputMode="numeric"
          value={draft.maxQueued}
          onChange={(event) => onChange({ maxQueued: event.target.value })}
        />
      </Field>
    </>
  );
}

function LimitFields({ draft, problems, plans, onChange }: OrgFieldsProps) {
  const plan = plans.find(({ id }) => id === draft.plan);
  const choices = plans.map(({ id, name, limit }) => ({
    value: id,
    label: `${name} (limit ${count(limit)})`,
  }));
  if (plan === undefined && draft.plan !== "") {
    choices.push({ value: draft.plan, label: draft.plan });
  }
  const plansLimit = plan === undefined ? "the plan's limit" : `the plan's ${count(plan.limit)}`;
  return (
    <>
      <div className="flex flex-col gap-1 [&_label]:w-full">
        <Select
          label="Plan"
          value={draft.plan}
          choices={choices}
          onChange={(id) => onChange({ plan: id })}
        />
        {problems.plan !== undefined && <p className="text-danger">{problems.plan}</p>}
      </div>
      <Field
        label="Own limit (calls)"
        hint={
          draft.limitOverride.trim() === "" ? `Empty: ${plansLimit}.` : `Instead of ${plansLimit}.`
        }
        error={problems.limitOverride}
      >
        <div className="flex gap-2">
          <TextInput
            inputMode="numeric"
            value={draft.limitOverride}
            onChange={(event) => onChange({ limitOverride: event.target.value })}
          />
          <Button
            disabledBecause={
              draft.limitOverride === "" ? "The plan's limit applies already." : undefined
            }
            onClick={() => onChange({ limitOverride: "" })}
          >
            Use the plan's
          </Button>
        </div>
      </Field>
    </>
  );
}

function WaitFields({ draft, problems, onChange }: OrgFieldsProps) {
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="mb-1 font-medium">Maximum wait in the queue (seconds)</legend>
      <p className="text-muted">
        For calls that do not set their own. Empty: they wait indefinitely. Queued calls keep
        theirs.
      </p>
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {CALL_TYPES.map((type) => (
          <Field
            key={type}
            label={TYPE_NAME[type]}
            hint={secondsInWords(
              draft.maxWaitS[type],
              "A call without a free slot ends at once.",
              "Unlimited",
            )}
            error={problems[type]}
          >
            <TextInput
              inputMode="numeric"
              value={draft.maxWaitS[type]}
              onChange={(event) =>
                onChange({ maxWaitS: { ...draft.maxWaitS, [type]: event.target.value } })
              }
            />
          </Field>
        ))}
      </div>
    </fieldset>
  );
}
