// How the colours of agents are drawn. The names of the classes are written in full, because Tailwind finds them by reading.

import type { AgentColor } from "./agent-colors";

const SOLID = [
  "bg-series-1",
  "bg-series-2",
  "bg-series-3",
  "bg-series-4",
  "bg-series-5",
  "bg-series-6",
  "bg-series-7",
  "bg-series-8",
];

const PALE = [
  "border-series-1 bg-series-1/20",
  "border-series-2 bg-series-2/20",
  "border-series-3 bg-series-3/20",
  "border-series-4 bg-series-4/20",
  "border-series-5 bg-series-5/20",
  "border-series-6 bg-series-6/20",
  "border-series-7 bg-series-7/20",
  "border-series-8 bg-series-8/20",
];

interface Ground {
  /** What is in use. */
  solid: string;
  /** What is idle. */
  pale: string;
}

const OTHERS: Ground = { solid: "bg-text/80", pale: "border-text/80 bg-text/10" };

export function groundOf(color: AgentColor | undefined): Ground {
  if (color === undefined) return OTHERS;
  return { solid: SOLID[color.hue] ?? OTHERS.solid, pale: PALE[color.hue] ?? OTHERS.pale };
}

export const SHARED_GROUND: Ground = { solid: "bg-shared", pale: "border-shared bg-shared-idle" };
export const OVER_GROUND: Ground = { solid: "bg-warning", pale: "border-warning bg-warning-soft" };

/** Stripes over a ground, in the colour of the surface below it. */
export const STRIPES = {
  backgroundImage:
    "repeating-linear-gradient(135deg, transparent 0 4px, color-mix(in srgb, var(--surface) 55%, transparent) 4px 7px)",
} as const;
