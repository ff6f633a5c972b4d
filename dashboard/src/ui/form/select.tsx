import { INPUT_LOOK } from "./field";

export interface Choice<V extends string> {
  value: V;
  label: string;
}

/** A choice among a few. The platform's own control: it works everywhere, by keyboard and on a phone. */
export function Select<V extends string>(props: {
  label: string;
  isLabelHidden?: boolean;
  value: V;
  choices: readonly Choice<V>[];
  onChange: (value: V) => void;
}) {
  return (
    <label className="inline-flex flex-col gap-1">
      <span className={props.isLabelHidden ? "sr-only" : "font-medium"}>{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as V)}
        className={`${INPUT_LOOK} pr-7`}
      >
        {props.choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
    </label>
  );
}
