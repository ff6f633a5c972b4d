import { type KeyboardEvent, type ReactNode, type RefObject, useEffect } from "react";
import { createPortal } from "react-dom";
import type { Placing } from "./place";
import { usePlace } from "./use-place";

interface MenuPopupProps {
  id: string;
  anchor: RefObject<HTMLElement | null>;
  popup: RefObject<HTMLDivElement | null>;
  placing: Placing;
  /** Which of its items has the focus first; by mouse none, so that none looks chosen. */
  first: "first" | "last" | "none";
  width: string;
  /** Closes it, and gives the focus back unless that goes elsewhere. */
  close: (focus: "back" | "elsewhere") => void;
  children: ReactNode;
}

/** The items of a menu that is open. The arrow keys and letters go from item to item. */
export function MenuPopup(props: MenuPopupProps) {
  const { id, anchor, popup, placing, first, width, close } = props;
  usePlace(anchor, popup, true, placing);
  useEffect(() => {
    const all = itemsOf(popup.current);
    const item = { first: all.at(0), last: all.at(-1), none: undefined }[first];
    (item ?? popup.current)?.focus({ preventScroll: true });
  }, [popup, first]);
  useEffect(() => {
    const onPress = ({ target }: PointerEvent) => {
      const isInside = [popup, anchor].some(({ current }) => current?.contains(target as Node));
      if (!isInside) close("elsewhere");
    };
    document.addEventListener("pointerdown", onPress, { capture: true });
    return () => document.removeEventListener("pointerdown", onPress, { capture: true });
  }, [popup, anchor, close]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Tab") close("back");
    else if (event.key === "Escape") close("back");
    else if (!goTo(event, itemsOf(popup.current))) return;
    event.stopPropagation();
    // Tab goes on from the button.
    if (event.key !== "Tab") event.preventDefault();
  };
  return createPortal(
    <div
      ref={popup}
      id={id}
      role="menu"
      aria-labelledby={`${id}-button`}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={`fixed z-30 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-overlay outline-none ${width}`}
    >
      {props.children}
    </div>,
    // Inside the page, so that people who navigate by landmarks find it.
    document.getElementById("content") ?? document.body,
  );
}

function itemsOf(popup: HTMLElement | null): HTMLElement[] {
  return [...(popup?.querySelectorAll<HTMLElement>('[role^="menuitem"]') ?? [])];
}

/** Moves the focus as a key says; whether it was such a key. */
function goTo(event: KeyboardEvent, items: readonly HTMLElement[]): boolean {
  const at = items.indexOf(document.activeElement as HTMLElement);
  const last = items.length - 1;
  const to = { ArrowDown: at + 1, ArrowUp: at <= 0 ? last : at - 1, Home: 0, End: last }[event.key];
  if (to !== undefined) {
    items[to > last ? 0 : to]?.focus();
    return true;
  }
  const isLetter = event.key.length === 1 && event.key !== " ";
  if (!isLetter || event.ctrlKey || event.metaKey || event.altKey) return false;
  const following = [...items.slice(at + 1), ...items.slice(0, at + 1)];
  const letter = event.key.toLowerCase();
  following.find((item) => words(item).startsWith(letter))?.focus();
  return true;
}

function words(item: HTMLElement): string {
  return (item.textContent ?? "").replace("✓", "").trim().toLowerCase();
}
