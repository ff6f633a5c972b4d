// Where keys move a chart's cursor, and what they select. Pure.

const PAGE = 10;

/** Where the cursor is (null: nowhere), and from where on points are selected (null: none are). */
export interface Place {
  at: number | null;
  anchor: number | null;
}

/** What a key leads to. */
export interface Moved extends Place {
  /** The first and the last point to zoom to. */
  zoom?: [first: number, last: number];
}

interface Press {
  key: string;
  /** With Shift, moving selects. */
  isShift: boolean;
}

/** What a key does among that many points; undefined: it is not ours. */
export function pressed({ key, isShift }: Press, place: Place, count: number): Moved | undefined {
  const { at, anchor } = place;
  if (key === "Enter" && at !== null && anchor !== null) {
    return { at, anchor: null, zoom: [Math.min(at, anchor), Math.max(at, anchor)] };
  }
  // The first Escape gives up what is selected.
  if (key === "Escape" && anchor !== null) return { at, anchor: null };
  const next = nextIndex(key, at, count);
  if (next === undefined || next === -1) return undefined;
  return { at: next, anchor: isShift && next !== null ? (anchor ?? at ?? next) : null };
}

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
