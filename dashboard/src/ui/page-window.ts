// Which rows of a long list are in sight while the page scrolls, so that only those are drawn.

import { type RefObject, useLayoutEffect, useState } from "react";

/** Up to this many rows, all are drawn. */
const FEW = 60;
/** This many rows beyond those in sight are drawn at either end, for fast scrolling. */
const BEYOND = 10;
/** Rows come into sight by this many, so that not each row that passes draws the list again. */
const STEP = 5;

export interface RowsInSight {
  first: number;
  end: number;
}

/** The rows to draw of a list that begins at the top of an element, each of the same height. */
export function rowsInSight(topPx: number, heightPx: number, rowPx: number, rows: number) {
  if (rows <= FEW) return { first: 0, end: rows };
  const inSight = Math.ceil(heightPx / rowPx) + 1;
  const top = Math.floor(Math.max(0, -topPx) / rowPx);
  // What became shorter may be scrolled beyond its end for a moment.
  const first = Math.max(0, Math.min(top, rows - inSight) - BEYOND);
  const stepped = first - (first % STEP);
  return { first: stepped, end: Math.min(rows, stepped + inSight + 2 * BEYOND + STEP) };
}

/** The rows in sight of the page. */
export function usePageWindow(
  list: RefObject<HTMLElement | null>,
  rows: number,
  rowPx: number,
): RowsInSight {
  const [seen, setSeen] = useState<RowsInSight>({ first: 0, end: FEW });
  const isLong = rows > FEW;
  useLayoutEffect(() => {
    if (!isLong) return;
    const look = () => {
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const next = rowsInSight(top, window.innerHeight, rowPx, rows);
      setSeen((now) => (now.first === next.first && now.end === next.end ? now : next));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [list, isLong, rows, rowPx]);
  if (!isLong) return { first: 0, end: rows };
  return { first: Math.min(seen.first, rows), end: Math.min(seen.end, rows) };
}
