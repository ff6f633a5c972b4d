// Where the arrow keys move a chart's cursor. Pure.

const PAGE = 10;

/** The point to go to from one (null: none yet) among that many; null: the cursor goes away; undefined: not our key. */
export function nextIndex(
  key: string,
  from: number | null,
  count: number,
): number | null | undefined {
  const last = count - 1;
  const step = (by: number) => {
    // A cursor that is nowhere comes in at the end that the key points away from.
    if (from === null) return by < 0 ? last : 0;
    return Math.min(last, Math.max(0, from + by));
  };
  switch (key) {
    case "ArrowLeft":
      return step(-1);
    case "ArrowRight":
      return step(1);
    case "PageUp":
      return step(-PAGE);
    case "PageDown":
      return step(PAGE);
    case "Home":
      return 0;
    case "End":
      return last;
    case "Escape":
      return null;
    default:
      return undefined;
  }
}
