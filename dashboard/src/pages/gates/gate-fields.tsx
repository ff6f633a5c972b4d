import type { ReactNode } from "react";
import { GATE_KIND_NAME, GATE_KINDS } from "../../domain";
import { Field, TextInput } from "../../ui/form/field";
import { Select } from "../../ui/form/select";
import { PaceFields } from "../shared/pace/pace-fields";
import type { GateDraft, GateErrors } from "./gate-draft";
import { HoursFields } from "./hours/hours-fields";

interface GateFieldsProps {
  draft: GateDraft;
  errors: GateErrors;
  onChange: (change: Partial<GateDraft>) => void;
  /** A field between the name and the kind. */
  children?: ReactNode;
}

/** What a gate is, and what it lets through. */
export function GateFields({ draft, errors, onChange, children }: GateFieldsProps) {
  return (
    <>
      <Field label="Name" hint="Shown to people. Up to 200 characters." error={errors.name}>
        <TextInput
          name="name"
          autoFocus={draft.id === ""}
          value={draft.name}
          onChange={(event) => onChange({ name: event.target.value })}
        />
      </Field>
      {children}
      <Select
        label="Kind"
        value={draft.kind}
        choices={GATE_KINDS.map((value) => ({ value, label: GATE_KIND_NAME[value] }))}
        onChange={(kind) => onChange({ kind })}
      />
      <Field
        label="Cap (optional)"
        hint="The most of its calls that may be active at once. A lower cap ends no call."
        error={errors.cap}
      >
        <TextInput
          name="cap"
          inputMode="numeric"
          placeholder="No cap"
          value={draft.cap}
          onChange={(event) => onChange({ cap: event.target.value })}
        />
      </Field>
      <PaceFields draft={draft.pace} errors={errors} onChange={(pace) => onChange({ pace })} />
      <HoursFields draft={draft.hours} errors={errors} onChange={(hours) => onChange({ hours })} />
    </>
  );
}
