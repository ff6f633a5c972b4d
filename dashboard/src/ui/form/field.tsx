import { type ComponentProps, createContext, type ReactNode, useContext, useId } from "react";

export const INPUT_LOOK =
  "h-8 pointer-coarse:h-10 w-full rounded-md border border-line-strong bg-surface px-2.5 text-text aria-invalid:border-danger disabled:opacity-60";

/** What the field around tells its control. */
const FieldContext = createContext<{
  id?: string;
  "aria-describedby"?: string | undefined;
  "aria-invalid"?: true | undefined;
}>({});

/** A label with its control, a hint and what is wrong with it. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: ReactNode;
}) {
  const { label, hint, error, children } = props;
  const id = useId();
  const described = [
    hint === undefined ? [] : `${id}-hint`,
    error === undefined ? [] : `${id}-error`,
  ].flat();
  const about = {
    id,
    "aria-describedby": described.length > 0 ? described.join(" ") : undefined,
    "aria-invalid": error === undefined ? undefined : (true as const),
  };
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <FieldContext value={about}>{children}</FieldContext>
      {hint !== undefined && (
        <p id={`${id}-hint`} className="text-muted">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <div id={`${id}-error`} className="text-danger">
          {error}
        </div>
      )}
    </div>
  );
}

/** A line of text. Inside a `Field` it takes that one's label. */
export function TextInput(props: Omit<ComponentProps<"input">, "className">) {
  const about = useContext(FieldContext);
  return (
    <input autoComplete="off" spellCheck={false} {...about} {...props} className={INPUT_LOOK} />
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
