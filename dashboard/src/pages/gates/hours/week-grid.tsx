import { Button } from "../../../ui/control/button";
import { type Choice, Select } from "../../../ui/form/select";
import { clockOf, DAY_MIN, DAY_NAMES, nextSpan, type Span, type Week, withDay } from "./week";

interface WeekGridProps {
  week: Week;
  onChange: (week: Week) => void;
}

/** The days of a week, each with its spans. */
export function WeekGrid({ week, onChange }: WeekGridProps) {
  return (
    <ul aria-label="Days and spans" className="flex flex-col divide-y divide-line">
      {week.map((spans, day) => (
        <DaySpans
          key={DAY_NAMES[day]}
          name={DAY_NAMES[day] ?? ""}
          spans={spans}
          onChange={(next) => onChange(withDay(week, day, next))}
        />
      ))}
    </ul>
  );
}

interface DaySpansProps {
  name: string;
  spans: readonly Span[];
  onChange: (spans: readonly Span[]) => void;
}

function DaySpans({ name, spans, onChange }: DaySpansProps) {
  const next = nextSpan(spans);
  return (
    <li className="grid grid-cols-[2.5rem_minmax(0,1fr)_auto] items-start gap-2 py-1">
      <span aria-hidden="true" className="pt-1 font-medium">
        {name.slice(0, 3)}
      </span>
      <div className="flex flex-col gap-1">
        {spans.length === 0 && <span className="pt-1 text-muted">closed</span>}
        {spans.map((span, index) => (
          <OneSpan
            // biome-ignore lint/suspicious/noArrayIndexKey: spans have no other identity than their place
            key={index}
            label={spans.length === 1 ? name : `${name}, span ${index + 1},`}
            span={span}
            onChange={(changed) => onChange(spans.with(index, changed))}
            onRemove={() => onChange(spans.toSpliced(index, 1))}
          />
        ))}
      </div>
      <Button
        kind="quiet"
        aria-label={`Add a span on ${name}`}
        disabledBecause={next === undefined ? "The day has no hour left." : undefined}
        onClick={() => next && onChange([...spans, next])}
      >
        +
      </Button>
    </li>
  );
}

interface OneSpanProps {
  label: string;
  span: Span;
  onChange: (span: Span) => void;
  onRemove: () => void;
}

function OneSpan({ label, span: { from, to }, onChange, onRemove }: OneSpanProps) {
  return (
    <div className="flex items-center gap-1">
      <Select
        label={`${label} opens`}
        isLabelHidden
        value={String(from)}
        choices={clocks(from, 0, to - 1)}
        onChange={(value) => onChange({ from: Number(value), to })}
      />
      <span aria-hidden="true">–</span>
      <Select
        label={`${label} closes`}
        isLabelHidden
        value={String(to)}
        choices={clocks(to, from + 1, DAY_MIN)}
        onChange={(value) => onChange({ from, to: Number(value) })}
      />
      <button
        type="button"
        aria-label={`Remove ${label} ${clockOf(from)} to ${clockOf(to)}`}
        onClick={onRemove}
        className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken pointer-coarse:size-10"
      >
        ×
      </button>
    </div>
  );
}

/** Every half hour between two, with the one that is chosen. */
function clocks(chosen: number, least: number, most: number): Choice<string>[] {
  const halves = Array.from({ length: DAY_MIN / 30 + 1 }, (_, index) => index * 30);
  const between = halves.filter((minute) => minute >= least && minute <= most);
  const all = between.includes(chosen) ? between : [...between, chosen].sort((a, b) => a - b);
  return all.map((minute) => ({ value: String(minute), label: clockOf(minute) }));
}
