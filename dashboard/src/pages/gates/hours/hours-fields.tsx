import { Field, TextInput } from "../../../ui/form/field";
import type { GateErrors, HoursDraft } from "../gate-draft";
import { readHours, writeHours } from "./hours-text";
import { TimeZoneField } from "./time-zone-field";
import { WeekGrid } from "./week-grid";

interface HoursFieldsProps {
  draft: HoursDraft;
  errors: Pick<GateErrors, "tz" | "hours">;
  onChange: (draft: HoursDraft) => void;
}

/** When a gate is open: a week of spans, which can be written as well. */
export function HoursFields({ draft, errors, onChange }: HoursFieldsProps) {
  const { week } = readHours(draft.text);
  return (
    <fieldset className="flex flex-col gap-3">
      <legend className="sr-only">Hours</legend>
      <label className="flex items-center gap-2 font-medium">
        <input
          type="checkbox"
          checked={draft.isOn}
          onChange={(event) => onChange({ ...draft, isOn: event.target.checked })}
          className="size-4 accent-(--accent)"
        />
        Only at certain hours
      </label>
      {draft.isOn && (
        <>
          <TimeZoneField
            value={draft.tz}
            error={errors.tz}
            onChange={(tz) => onChange({ ...draft, tz })}
          />
          <Field
            label="Hours"
            hint="As a text, such as Mon-Fri 08:00-21:00; Sat 10:00-14:00, or by day below."
            error={errors.hours}
          >
            <TextInput
              name="hours"
              value={draft.text}
              onChange={(event) => onChange({ ...draft, text: event.target.value })}
            />
          </Field>
          {week === undefined ? (
            <p className="text-muted">The days are shown once the text can be read.</p>
          ) : (
            <WeekGrid
              week={week}
              onChange={(next) => onChange({ ...draft, text: writeHours(next) })}
            />
          )}
        </>
      )}
    </fieldset>
  );
}
