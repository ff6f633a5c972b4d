import type { ReactNode } from "react";

/** A box to tick, with its words. */
export function CheckBox(props: {
  label: string;
  isOn: boolean;
  isDisabled?: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <label className="flex min-h-7 items-start gap-2">
      <input
        type="checkbox"
        checked={props.isOn}
        disabled={props.isDisabled}
        onChange={(event) => props.onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-(--accent)"
      />
      {props.label}
    </label>
  );
}

interface ChecksProps<V extends string> {
  label: string;
  choices: readonly { value: V; label: string }[];
  chosen: readonly V[];
  isDisabled?: boolean;
  error?: string | undefined;
  onChange: (chosen: V[]) => void;
  /** Ahead of the boxes. */
  children?: ReactNode;
}

/** Some of a few. */
export function Checks<V extends string>(props: ChecksProps<V>) {
  const { choices, chosen, onChange } = props;
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium">{props.label}</legend>
      {props.children}
      <div className="grid grid-cols-1 gap-x-4 sm:grid-cols-2">
        {choices.map(({ value, label }) => (
          <CheckBox
            key={value}
            label={label}
            isOn={chosen.includes(value)}
            isDisabled={props.isDisabled ?? false}
            onChange={(isOn) =>
              onChange(
                choices
                  .map((choice) => choice.value)
                  .filter((other) => (other === value ? isOn : chosen.includes(other))),
              )
            }
          />
        ))}
      </div>
      {props.error !== undefined && (
        <p role="alert" className="text-danger">
          {props.error}
        </p>
      )}
    </fieldset>
  );
}
