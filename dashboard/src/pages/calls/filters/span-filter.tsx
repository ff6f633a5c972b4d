import { useState } from "react";
import { INPUT_LOOK } from "../../../ui/form/field";
import { Select } from "../../../ui/form/select";
import { fromLocalField, toLocalField } from "../../shared/local-time-field";
import type { Last, Span } from "./filters";

type Choice = Last | "any" | "between";

const CHOICES: readonly { value: Choice; label: string }[] = [
  { value: "any", label: "Any end time" },
  { value: "15m", label: "Ended in the last 15 min" },
  { value: "1h", label: "Ended in the last hour" },
  { value: "24h", label: "Ended in the last 24 hours" },
  { value: "7d", label: "Ended in the last 7 days" },
  { value: "between", label: "Ended between …" },
];

const DAY_MS = 86_400_000;

/** When calls ended: a span that ends now, or one of the reader's own. */
export function SpanFilter({ span, onChange }: { span: Span; onChange: (span: Span) => void }) {
  const choose = (choice: Choice) => {
    if (choice === "any") return onChange({ kind: "any" });
    if (choice !== "between") return onChange({ kind: "last", last: choice });
    const from = new Date(Math.floor((Date.now() - DAY_MS) / 60_000) * 60_000).toISOString();
    onChange({ kind: "between", from, to: undefined });
  };
  return (
    <>
      <Select
        label="Time"
        isLabelHidden
        value={span.kind === "last" ? span.last : span.kind}
        choices={CHOICES}
        onChange={choose}
      />
      {span.kind === "between" && (
        <>
          <TimeField
            label="From"
            value={span.from}
            onChange={(from) => onChange({ ...span, from })}
          />
          <TimeField label="To" value={span.to} onChange={(to) => onChange({ ...span, to })} />
        </>
      )}
    </>
  );
}

function TimeField(props: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { label, value, onChange } = props;
  // While it is being typed: much of that is no time yet, and must neither be asked for nor be lost.
  const [typed, setTyped] = useState<string>();
  const type = (text: string) => {
    setTyped(text);
    const ms = fromLocalField(text);
    if (ms !== undefined) onChange(new Date(ms).toISOString());
  };
  const leave = () => {
    setTyped(undefined);
    if (typed === "") onChange(undefined);
  };
  return (
    <label className="inline-flex w-64 max-w-full! items-center gap-2 max-sm:col-span-2 max-sm:w-full">
      {label}
      <input
        type="datetime-local"
        value={typed ?? (value === undefined ? "" : toLocalField(Date.parse(value)))}
        onChange={(event) => type(event.target.value)}
        onBlur={leave}
        className={`${INPUT_LOOK} min-w-0`}
      />
    </label>
  );
}
