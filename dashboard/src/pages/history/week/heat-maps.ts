// What the heat maps of the week show. Pure.

import { counted, duration, shortDuration } from "../../../format";
import { percent } from "../figures/headline";
import { type HourOfWeek, hourName } from "./hours-of-week";

export interface Cell {
  /** Short enough to stand in a cell. */
  text: string;
  /** All that is known of the hour. */
  long: string;
  /** How strong its colour is, from 0 to 1. */
  level: number;
}

export interface HeatMapTold {
  title: string;
  hint: string;
  /** What the ends of the scale are. */
  scale: { least: string; most: string };
  cellOf: (hour: HourOfWeek) => Cell;
}

const NONE = "–";

/** How much of the limit was in use. */
export function usageMap(): HeatMapTold {
  return {
    title: "Utilisation by hour of the week",
    hint: "The mean of active calls as a share of the limit, in per cent.",
    scale: { least: "0 %", most: "100 %" },
    cellOf: (hour) => {
      const { use } = hour;
      if (use === undefined) return { text: NONE, long: longText(hour, "not known"), level: 0 };
      const long = longText(hour, `${percent(use)} in use`);
      return { text: String(Math.round(use * 100)), long, level: Math.min(1, use) };
    },
  };
}

/** How long calls waited; the scale ends with the longest. */
export function waitMap(hours: readonly HourOfWeek[]): HeatMapTold {
  const most = hours.reduce((longest, { waitMs }) => Math.max(longest, waitMs ?? 0), 0);
  return {
    title: "Waits by hour of the week",
    hint: "The 95th percentile of waits until calls started, in the median of the weeks.",
    scale: { least: "0 s", most: shortDuration(most) },
    cellOf: (hour) => {
      const { waitMs, worstMs = 0 } = hour;
      if (waitMs === undefined) return { text: NONE, long: longText(hour, "no starts"), level: 0 };
      const figure = `p95 ${shortDuration(waitMs)}, in the worst week ${shortDuration(worstMs)}`;
      const level = most === 0 ? 0 : Math.sqrt(waitMs / most);
      return { text: shortWait(waitMs), long: longText(hour, figure), level };
    },
  };
}

function longText(hour: HourOfWeek, figure: string): string {
  return `${hourName(hour)}: ${figure} (${counted(hour.weeks, "week")})`;
}

/** To one unit, with a letter: "42s", "3m", "2h". */
function shortWait(ms: number): string {
  if (ms < 500) return "0";
  if (ms < 99_500) return `${Math.round(ms / 1000)}s`;
  if (ms < 99.5 * 60_000) return `${Math.round(ms / 60_000)}m`;
  if (ms < 99.5 * 3_600_000) return `${Math.round(ms / 3_600_000)}h`;
  return duration(ms).split(" ").slice(0, 2).join("");
}
