// The last hour of a number as a small line, and in words. Pure.

import type { Recent } from "../../../domain";
import { count } from "../../../format";

type Point = Recent["points"][number];

/** The box that paths are drawn in. */
export const WIDTH = 100;
export const HEIGHT = 20;

export interface HourLine {
  /** The top of each minute. */
  line: string;
  /** What is below it. */
  area: string;
  says: string;
}

/** `top` is what reaches the top of the box, if nothing exceeds it. Undefined while there is no minute to compare with. */
export function hourLine(
  name: string,
  points: readonly Point[],
  of: (point: Point) => number,
  top: number,
): HourLine | undefined {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < 2) return undefined;
  const numbers = points.map(of);
  const [lowest, highest] = [Math.min(...numbers), Math.max(...numbers)];
  const [fromMs, toMs] = [Date.parse(first.at), endOf(last)];
  const x = (ms: number) => round(((ms - fromMs) / Math.max(1, toMs - fromMs)) * WIDTH);
  const y = (value: number) => round(HEIGHT * (1 - value / Math.max(1, top, highest)));
  const steps = points.map((point, at) => {
    const level = y(numbers[at] ?? 0);
    return `${at === 0 ? `M${x(fromMs)},${level}` : `V${level}`}H${x(endOf(point))}`;
  });
  const line = steps.join("");
  const range =
    lowest === highest ? count(lowest) : `between ${count(lowest)} and ${count(highest)}`;
  return {
    line,
    area: `${line}V${HEIGHT}H0Z`,
    says: `${name} in the last hour, the most of each minute: ${range}`,
  };
}

function endOf({ at, span_ms }: Point): number {
  return Date.parse(at) + span_ms;
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
