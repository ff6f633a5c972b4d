// Which columns of a table have room, so that none is ever cut: where they do not all fit, the less important ones are left
// out, and where not even the others fit, the rows become cards.

import { type RefObject, useLayoutEffect, useState } from "react";

interface Fitted {
  /** In rem, at the least. */
  width: number;
  /** May be left out; those with a higher number go first. */
  extra?: number;
  isWide?: boolean;
  percent?: number;
}

/** The columns that fit into a width in rem; undefined when those that must be there do not. */
export function fittingColumns<C extends Fitted>(
  columns: readonly C[],
  roomRem: number,
): readonly C[] | undefined {
  let left = columns;
  while (widthOf(left) > roomRem) {
    const next = leastImportant(left);
    if (next === undefined) return undefined;
    left = left.filter((column) => column !== next);
  }
  return left;
}

/**
 * How wide columns are that have room, in rem: at least as wide as they say, those with a part of the table up to that part.
 * Undefined: they share what is left.
 */
export function widthsIn(columns: readonly Fitted[], roomRem: number): (number | undefined)[] {
  let left = Number.isFinite(roomRem) ? roomRem - widthOf(columns) : 0;
  return columns.map(({ width, isWide, percent }) => {
    if (percent === undefined) return isWide ? undefined : width;
    const more = Math.min(left, Math.max(0, (roomRem * percent) / 100 - width));
    left -= more;
    return width + more;
  });
}

function widthOf(columns: readonly Fitted[]): number {
  return columns.reduce((rem, { width }) => rem + width, 0);
}

function leastImportant<C extends Fitted>(columns: readonly C[]): C | undefined {
  let found: C | undefined;
  for (const column of columns) {
    if ((column.extra ?? 0) > (found?.extra ?? 0)) found = column;
  }
  return found;
}

/** How wide an element is, in rem; as wide as can be until it is known. */
export function useWidthRem(element: RefObject<HTMLElement | null>): number {
  const [rem, setRem] = useState(Number.POSITIVE_INFINITY);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    // Nothing is laid out where there is no width.
    const look = () => {
      if (current.clientWidth > 0) setRem(current.clientWidth / pxOfRem());
    };
    look();
    if (typeof ResizeObserver === "undefined") return;
    const watch = new ResizeObserver(look);
    watch.observe(current);
    return () => watch.disconnect();
  }, [element]);
  return rem;
}

/** How many pixels a rem is: it follows the reader's size of type. */
export function pxOfRem(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return Number.isFinite(size) && size > 0 ? size : 16;
}
