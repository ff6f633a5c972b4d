// The hours of a week: as the API has them, and by day. Pure.

import type { Day, Hours } from "../../../domain";

/** A span of a day, in minutes from midnight by the clock of the time zone; 1,440 is the end of the day. */
export interface Span {
  from: number;
  to: number;
}

/** The spans of each day from Monday on, in order. */
export type Week = readonly (readonly Span[])[];

export const DAYS: readonly Day[] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
export const DAY_NAMES = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

export const DAY_MIN = 1_440;
/** How many spans the API takes. */
export const MOST_SPANS = 56;

export const NEVER: Week = DAYS.map(() => []);

export function weekOf({ open }: Pick<Hours, "open">): Week {
  return DAYS.map((day) =>
    open
      .filter(({ days }) => days.includes(day))
      .map(({ from, to }) => ({ from: minutes(from), to: minutes(to) }))
      .sort((a, b) => a.from - b.from),
  );
}

/** Days with the same span share a row. */
export function openOf(week: Week): Hours["open"] {
  const rows = new Map<string, Hours["open"][number]>();
  week.forEach((spans, index) => {
    const day = DAYS[index] ?? "mon";
    for (const span of spans) {
      const [from, to] = [clockOf(span.from), clockOf(span.to)];
      const row = rows.get(`${from} ${to}`) ?? { days: [], from, to };
      rows.set(`${from} ${to}`, {
        ...row,
        days: row.days.includes(day) ? row.days : [...row.days, day],
      });
    }
  });
  return [...rows.values()];
}

/** The week with other spans on one day. */
export function withDay(week: Week, day: number, spans: readonly Span[]): Week {
  return week.map((before, index) =>
    index === day ? spans.toSorted((a, b) => a.from - b.from) : before,
  );
}

/** A span that a day does not have yet: after the last one, or a working day. */
export function nextSpan(spans: readonly Span[]): Span | undefined {
  const end = spans.at(-1)?.to;
  if (end === undefined) return { from: 9 * 60, to: 17 * 60 };
  const from = Math.min(end + 60, DAY_MIN - 60);
  return from < end ? undefined : { from, to: Math.min(from + 120, DAY_MIN) };
}

/** "08:30", "24:00" */
export function clockOf(minute: number): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}

function minutes(clock: string): number {
  const [hour = "0", minute = "0"] = clock.split(":");
  return Number(hour) * 60 + Number(minute);
}
