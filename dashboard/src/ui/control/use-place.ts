import { type RefObject, useLayoutEffect } from "react";
import { type Placing, place } from "./place";

/** Keeps an element that is `fixed` beside its control while the page scrolls and changes. */
export function usePlace(
  anchor: RefObject<HTMLElement | null>,
  popup: RefObject<HTMLElement | null>,
  isOpen: boolean,
  { side, align, gapPx }: Placing,
): void {
  useLayoutEffect(() => {
    const [control, element] = [anchor.current, popup.current];
    if (!isOpen || control === null || element === null) return;
    const move = () => {
      const size = { width: element.offsetWidth, height: element.scrollHeight };
      const { clientWidth: width, clientHeight: height } = document.documentElement;
      const placing = { side, align, gapPx };
      const at = place(control.getBoundingClientRect(), size, { width, height }, placing);
      element.style.left = `${at.left}px`;
      element.style.top = `${at.top}px`;
      element.style.maxHeight = `${at.room}px`;
    };
    move();
    window.addEventListener("scroll", move, { capture: true, passive: true });
    window.addEventListener("resize", move);
    return () => {
      window.removeEventListener("scroll", move, { capture: true });
      window.removeEventListener("resize", move);
    };
  }, [anchor, popup, isOpen, side, align, gapPx]);
}
