// The patterns of lines. Together with their colours they tell lines apart, also for those who see no colours. Pure.

const PATTERNS = {
  long: [9, 4],
  dots: [2, 3],
  /** What was before. */
  ghost: [1.5, 2.5, 6, 2.5],
} as const;

/** How a line is broken; one that is not is solid. */
export type Dash = keyof typeof PATTERNS;

/** The lengths of strokes and gaps, in CSS pixels; none: solid. */
export function patternOf(dash: Dash | undefined): readonly number[] {
  return dash === undefined ? [] : PATTERNS[dash];
}
