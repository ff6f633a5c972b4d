import { type RefObject, useLayoutEffect, useRef } from "react";

/** For what a panel is opened for: takes the focus when it appears. */
export function useFocusFirst<E extends HTMLElement>(): RefObject<E | null> {
  const first = useRef<E>(null);
  // At once, so that the panel finds the focus in it and leaves it there.
  useLayoutEffect(() => first.current?.focus(), []);
  return first;
}
