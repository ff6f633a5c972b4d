// The patterns of lines. Together with their colours they tell lines apart, also for those who see no colours. Pure.

const PATTERNS = {
  solid: [],
  long: [9, 4],
  dots: [2, 3],
  /** What was before. */
  ghost: [1.5, 2.5, 6, 2.5],
} as const;

/** How a line is broken. */
export type Dash = keyof typeof PATTERNS;

/** The lengths of strokes and gaps, in CSS pixels. */
export function patternOf(dash: Dash = "solid"): readonly number[] {
  return PATTERNS[dash];
}
