import type { ReactNode } from "react";
import { Button } from "../../ui/control/button";
import { Field, TextInput } from "../../ui/form/field";
import { PaceFields } from "../shared/pace/pace-fields";
import type { AgentDraft, DraftErrors } from "./agent-draft";

interface AgentFieldsProps {
  draft: AgentDraft;
  errors: DraftErrors;
  onChange: (draft: AgentDraft) => void;
  capHint?: ReactNode;
  /** Whether the name has the focus at first. */
  isFocused?: boolean;
  /** Fields between the name and the cap. */
  children?: ReactNode;
}

/** What an agent's name, cap and pace are. */
export function AgentFields(props: AgentFieldsProps) {
  const { draft, errors, onChange, capHint, isFocused = false, children } = props;
  return (
    <>
      <Field label="Name" hint="Shown to people. Up to 200 characters." error={errors.name}>
        <TextInput
          name="name"
          autoFocus={isFocused}
          value={draft.name}
          onChange={(event) => onChange({ ...draft, name: event.target.value })}
        />
      </Field>
      {children}
      <Field
        label="Cap (optional)"
        hint={capHint ?? "The most calls it can have active at once, across all types."}
        error={errors.cap}
      >
        <span className="flex gap-2">
          <TextInput
            name="cap"
            inputMode="numeric"
            placeholder="No cap"
            value={draft.cap}
            onChange={(event) => onChange({ ...draft, cap: event.target.value })}
          />
          {draft.cap !== "" && (
            <Button onClick={() => onChange({ ...draft, cap: "" })}>No cap</Button>
          )}
        </span>
      </Field>
      <PaceFields
        draft={draft.pace}
        errors={errors}
        onChange={(pace) => onChange({ ...draft, pace })}
      />
    </>
  );
}
