// Hours as people write them: "Mon-Fri 08:00-21:00; Sat 10:00-14:00". Pure.

import {
  clockOf,
  DAY_MIN,
  DAY_NAMES,
  MOST_SPANS,
  NEVER,
  type Span,
  type Week,
  withDay,
} from "./week";

type Read = { week: Week; error?: undefined } | { week?: undefined; error: string };

const EXAMPLE = "Mon-Fri 08:00-21:00; Sat 10:00-14:00";
const NEVER_TEXT = "never";

/** The week that a text says, or what is wrong with it. */
export function readHours(text: string): Read {
  const plain = text
    .toLowerCase()
    .replace(/[–—−]/g, "-")
    .replace(/\s*-\s*/g, "-")
    .trim();
  if (plain === NEVER_TEXT) return { week: NEVER };
  const parts = plain.split(/[;\n]/).map((part) => part.trim());
  let week = NEVER;
  for (const part of parts.filter((each) => each !== "")) {
    const read = readPart(part);
    if (typeof read === "string") return { error: read };
    for (const day of read.days) week = withDay(week, day, [...(week[day] ?? []), ...read.spans]);
  }
  const all = week.flat().length;
  if (all === 0) return { error: `Enter when it is open, such as ${EXAMPLE}.` };
  if (all > MOST_SPANS) return { error: `It has ${all} spans; the maximum is ${MOST_SPANS}.` };
  return { week };
}

function readPart(part: string): { days: number[]; spans: Span[] } | string {
  const [, dayText = "", spanText = ""] = /^([a-z][a-z, -]*?)[\s:]+(\d.*)$/.exec(part) ?? [];
  const days = dayText.split(/[\s,]+/).map(readDays);
  const spans = spanText.split(/[\s,]+/).map(readSpan);
  if (dayText === "" || days.includes(undefined)) {
    return `“${part}” is not understood. Write days, then times, such as ${EXAMPLE}.`;
  }
  const wrong = spans.find((span) => typeof span === "string");
  if (typeof wrong === "string") return wrong;
  return {
    days: [...new Set(days.flatMap((each) => each ?? []))],
    spans: spans.filter((span) => typeof span !== "string"),
  };
}

function readDays(text: string): number[] | undefined {
  if (text === "daily") return DAY_NAMES.map((_, day) => day);
  const [from, to, more] = text.split("-").map(readDay);
  if (from === undefined || more !== undefined) return undefined;
  if (!text.includes("-")) return [from];
  if (to === undefined) return undefined;
  // Sat-Mon goes over the end of the week.
  const length = ((to - from + 7) % 7) + 1;
  return Array.from({ length }, (_, step) => (from + step) % 7);
}

function readDay(text: string): number | undefined {
  const day = DAY_NAMES.findIndex((name) => name.toLowerCase().startsWith(text));
  return text.length < 2 || day < 0 ? undefined : day;
}

function readSpan(text: string): Span | string {
  const [, h1, m1 = "00", h2, m2 = "00"] =
    /^(\d{1,2})(?::(\d\d))?-(\d{1,2})(?::(\d\d))?$/.exec(text) ?? [];
  const [from, to] = [Number(h1) * 60 + Number(m1), Number(h2) * 60 + Number(m2)];
  const isClock = Number(m1) < 60 && Number(m2) < 60 && from < DAY_MIN && to <= DAY_MIN;
  if (h1 === undefined || !isClock) return `“${text}” is no span. Write it as 08:00-21:00.`;
  if (from < to) return { from, to };
  return `“${text}” ends before it begins. Write a span over midnight as two: to 24:00, and from 00:00 on the next day.`;
}

/** A week in words that `readHours` reads back; days that are alike and follow one another share a part. */
export function writeHours(week: Week): string {
  const parts: { first: number; last: number; spans: string }[] = [];
  week.forEach((of, day) => {
    const spans = of.map(({ from, to }) => `${clockOf(from)}-${clockOf(to)}`).join(", ");
    const before = parts.at(-1);
    if (before !== undefined && before.last === day - 1 && before.spans === spans)
      before.last = day;
    else if (spans !== "") parts.push({ first: day, last: day, spans });
  });
  if (parts.length === 0) return NEVER_TEXT;
  const name = (day: number) => DAY_NAMES[day]?.slice(0, 3);
  return parts
    .map(({ first, last, spans }) => {
      const days = first === last ? name(first) : `${name(first)}-${name(last)}`;
      return `${days} ${spans}`;
    })
    .join("; ");
}
