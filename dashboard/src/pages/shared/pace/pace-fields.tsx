import { useId } from "react";
import { Field, TextInput } from "../../../ui/form/field";
import { Select } from "../../../ui/form/select";
import { type PaceDraft, type PaceErrors, spanChoices } from "./pace-draft";

interface PaceFieldsProps {
  draft: PaceDraft;
  errors: PaceErrors;
  onChange: (draft: PaceDraft) => void;
}

/** How often calls may start. */
export function PaceFields({ draft, errors, onChange }: PaceFieldsProps) {
  const id = useId();
  return (
    <fieldset aria-describedby={id} className="flex flex-col gap-1">
      <legend className="sr-only">Pace</legend>
      <div className="grid grid-cols-[minmax(0,1fr)_auto_minmax(0,1fr)] items-start gap-2">
        <Field label="Pace (optional)" error={errors.starts}>
          <TextInput
            name="starts"
            inputMode="numeric"
            placeholder="No pace"
            value={draft.starts}
            onChange={(event) => onChange({ ...draft, starts: event.target.value })}
          />
        </Field>
        <Select
          label="starts"
          value={draft.perS}
          choices={spanChoices(draft.perS)}
          onChange={(perS) => onChange({ ...draft, perS })}
        />
        <Field label="Burst" error={errors.burst}>
          <TextInput
            name="burst"
            inputMode="numeric"
            placeholder="1"
            value={draft.burst}
            onChange={(event) => onChange({ ...draft, burst: event.target.value })}
          />
        </Field>
      </div>
      <p id={id} className="text-muted">
        How often calls may start, and how many at once after a pause.
      </p>
    </fieldset>
  );
}
