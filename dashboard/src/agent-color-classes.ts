// How the colours of agents are drawn. The names of the classes are written in full, because Tailwind finds them by reading.

import type { AgentColor } from "./agent-color";

const SOLID = [
  "bg-agent-1",
  "bg-agent-2",
  "bg-agent-3",
  "bg-agent-4",
  "bg-agent-5",
  "bg-agent-6",
  "bg-agent-7",
  "bg-agent-8",
  "bg-agent-9",
  "bg-agent-10",
  "bg-agent-11",
  "bg-agent-12",
];

const PALE = [
  "border-agent-1 bg-agent-1/20",
  "border-agent-2 bg-agent-2/20",
  "border-agent-3 bg-agent-3/20",
  "border-agent-4 bg-agent-4/20",
  "border-agent-5 bg-agent-5/20",
  "border-agent-6 bg-agent-6/20",
  "border-agent-7 bg-agent-7/20",
  "border-agent-8 bg-agent-8/20",
  "border-agent-9 bg-agent-9/20",
  "border-agent-10 bg-agent-10/20",
  "border-agent-11 bg-agent-11/20",
  "border-agent-12 bg-agent-12/20",
];

export interface Ground {
  /** What is in use. */
  solid: string;
  /** What is idle. */
  pale: string;
}

const OTHERS: Ground = { solid: "bg-text/80", pale: "border-text/80 bg-text/10" };

/** The grounds of an agent; of several that share one when there is no colour. */
export function groundOf(color: AgentColor | undefined): Ground {
  if (color === undefined) return OTHERS;
  return { solid: SOLID[color.hue] ?? OTHERS.solid, pale: PALE[color.hue] ?? OTHERS.pale };
}

/** Stripes over a ground, in the colour of the surface below it. */
export const STRIPES = {
  backgroundImage:
    "repeating-linear-gradient(135deg, transparent 0 4px, color-mix(in srgb, var(--surface) 55%, transparent) 4px 7px)",
} as const;
