import { Field as BaseField } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";

export const INPUT_LOOK =
  "h-8 pointer-coarse:h-10 w-full rounded-md border border-line-strong bg-surface px-2.5 text-text aria-invalid:border-danger disabled:opacity-60";

/** A label with its control, a hint and what is wrong with it. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}) {
  const { label, hint, error, children } = props;
  return (
    <BaseField.Root invalid={error !== undefined} className="flex flex-col gap-1">
      <BaseField.Label className="font-medium">{label}</BaseField.Label>
      {children}
      {hint !== undefined && (
        <BaseField.Description className="text-muted">{hint}</BaseField.Description>
      )}
      {error !== undefined && (
        <BaseField.Error match className="text-danger">
          {error}
        </BaseField.Error>
      )}
    </BaseField.Root>
  );
}

/** A line of text. Inside a `Field` it takes that one's label. */
export function TextInput(props: Omit<ComponentProps<typeof BaseField.Control>, "className">) {
  return (
    <BaseField.Control autoComplete="off" spellCheck={false} {...props} className={INPUT_LOOK} />
  );
}

/** A search field, with a label for those who do not see it. */
export function SearchInput(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  return (
    <input
      type="search"
      aria-label={props.label}
      placeholder={props.label}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value)}
      className={`${INPUT_LOOK} max-w-64`}
    />
  );
}
