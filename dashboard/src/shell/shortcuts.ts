// Keys that work on every page.

import { useEffect } from "react";

/** The keys and what they do, for those who ask. */
export const SHORTCUTS = [
  { keys: "Ctrl K", does: "Go to a page, an agent, an action or a call" },
  { keys: "/", does: "Search on this page" },
  { keys: "?", does: "Show the keyboard shortcuts" },
  { keys: "Esc", does: "Close what is open" },
  { keys: "← →", does: "Move within the pool bar and the charts" },
] as const;

interface Shortcuts {
  onPalette: () => void;
  onHelp: () => void;
}

/** Listens to the keys. Those that are characters do nothing while somebody types, or a dialog is open. */
export function useShortcuts({ onPalette, onHelp }: Shortcuts): void {
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey) return;
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") onPalette();
      else if (event.ctrlKey || event.metaKey || isTaken(event)) return;
      else if (event.key === "?") onHelp();
      else if (event.key !== "/" || !focusSearch()) return;
      event.preventDefault();
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, [onPalette, onHelp]);
}

function isTaken({ target }: KeyboardEvent): boolean {
  const isOpen = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
  const isTyping =
    target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
  return isOpen || isTyping;
}

/** Whether the page has a search, which then has the focus. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('main input[type="search"]');
  field?.focus();
  field?.select();
  return field !== null;
}
