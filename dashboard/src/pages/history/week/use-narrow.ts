import { type RefObject, useLayoutEffect, useState } from "react";

const PHONE = "(max-width: 767px)";

/** Whether the screen is a phone's, or an element is narrower than this many pixels. */
export function useNarrow(element: RefObject<HTMLElement | null>, leastPx: number): boolean {
  const [isNarrow, setNarrow] = useState(() => isPhone());
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null || typeof ResizeObserver === "undefined") return;
    const look = () => setNarrow(isPhone() || current.clientWidth < leastPx);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(current);
    return () => watch.disconnect();
  }, [element, leastPx]);
  return isNarrow;
}

function isPhone(): boolean {
  return typeof window.matchMedia === "function" && window.matchMedia(PHONE).matches;
}
