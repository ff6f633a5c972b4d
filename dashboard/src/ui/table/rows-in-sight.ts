// Which rows of a list are in sight while the page scrolls, so that only those are drawn once there are many.

import { type RefObject, useLayoutEffect, useState } from "react";

/** Up to this many rows, all are drawn. */
const FEW = 100;
/** This many rows beyond those in sight are drawn at either end, for fast scrolling. */
const BEYOND = 8;
/** Rows come and go by that many, so that not every row that passes draws the list again. */
const STEP = 4;

export interface InSight {
  first: number;
  end: number;
}

/** The rows to draw of a list that begins this far below the top of the window, which is this high. */
export function rowsInSight(topPx: number, windowPx: number, rowPx: number, rows: number): InSight {
  if (rows <= FEW) return { first: 0, end: rows };
  const inSight = Math.ceil(windowPx / rowPx) + 1;
  const passed = Math.floor(Math.max(0, -topPx) / rowPx);
  // What became shorter may be scrolled beyond its end for a moment.
  const first = Math.max(0, Math.min(passed, rows - inSight) - BEYOND);
  const stepped = first - (first % STEP);
  return { first: stepped, end: Math.min(rows, stepped + inSight + 2 * BEYOND + STEP) };
}

/** The rows of a list in sight of the page. */
export function useRowsInSight(
  list: RefObject<HTMLElement | null>,
  rows: number,
  rowPx: number,
): InSight {
  const [seen, setSeen] = useState<InSight>({ first: 0, end: FEW });
  const isLong = rows > FEW;
  useLayoutEffect(() => {
    if (!isLong) return;
    const look = () => {
      const topPx = list.current?.getBoundingClientRect().top ?? 0;
      const next = rowsInSight(topPx, window.innerHeight, rowPx, rows);
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
