import { useQueryClient } from "@tanstack/react-query";
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useRef,
  useState,
} from "react";
import { useLocation } from "wouter";
import { noteRefusal } from "../auth/queries";
import { useLiveStatus } from "../live/live-provider";
import icon from "../ui/icon.svg";
import { OpenAlerts } from "./open-alerts";
import { Palette } from "./palette";
import { ShortcutSheet } from "./shortcut-sheet";
import { useShortcuts } from "./shortcuts";
import { Sidebar } from "./sidebar";
import { StaleBanner } from "./stale-banner";

/** The frame around every page: sidebar, menu, stale banner. */
export function Shell({ children }: { children: ReactNode }) {
  const menu = useMenu();
  const content = useFocusOnNewPage();
  useSignedOutByStream();
  const [open, setOpen] = useState<"palette" | "sheet">();
  const openPalette = useCallback(() => setOpen("palette"), []);
  const openSheet = useCallback(() => setOpen("sheet"), []);
  const close = () => setOpen(undefined);
  useShortcuts({ onPalette: openPalette, onHelp: openSheet });
  return (
    <div className="md:grid md:min-h-dvh md:grid-cols-[3.5rem_minmax(0,1fr)] lg:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only rounded-md bg-accent px-3 py-2 text-on-accent focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50"
      >
        Skip to content
      </a>
      <header className="flex h-12 items-center justify-between border-line border-b bg-surface px-4 md:hidden">
        <span className="flex items-center gap-2 font-semibold">
          <img src={icon} alt="" className="size-5" />
          Callslot
        </span>
        <button
          ref={menu.button}
          type="button"
          aria-expanded={menu.isOpen}
          aria-controls="sidebar"
          onClick={menu.toggle}
          onKeyDown={menu.onKeyDown}
          className="min-h-8 rounded-md border border-line px-3"
        >
          Menu
        </button>
      </header>
      <aside
        id="sidebar"
        aria-label="Pages and session"
        onKeyDown={menu.onKeyDown}
        className={`${menu.isOpen ? "block" : "hidden"} border-line border-b bg-surface md:sticky md:top-0 md:block md:h-dvh md:overflow-y-auto md:border-r md:border-b-0`}
      >
        <Sidebar onSearch={openPalette} onShortcuts={openSheet} />
      </aside>
      <main ref={content} id="content" tabIndex={-1} className="min-w-0 outline-none">
        <StaleBanner />
        <OpenAlerts />
        {children}
      </main>
      <Palette isOpen={open === "palette"} onClose={close} />
      <ShortcutSheet isOpen={open === "sheet"} onClose={close} />
    </div>
  );
}

/** The menu of narrow screens: Escape closes it, and so does choosing a page. */
function useMenu() {
  const [isOpen, setOpen] = useState(false);
  const [location] = useLocation();
  const [shownAt, setShownAt] = useState(location);
  const button = useRef<HTMLButtonElement>(null);
  if (location !== shownAt) {
    setShownAt(location);
    setOpen(false);
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // What a dialog over the page is told comes by here as well.
    const isInside = event.currentTarget.contains(event.target as Node);
    if (event.key !== "Escape" || !isOpen || !isInside || event.defaultPrevented) return;
    setOpen(false);
    button.current?.focus();
  };
  return { isOpen, button, onKeyDown, toggle: () => setOpen(!isOpen) };
}

/** After a link to another page, the keyboard and a screen reader go on there. */
function useFocusOnNewPage() {
  const content = useRef<HTMLElement>(null);
  const [location] = useLocation();
  const shownAt = useRef(location);
  useEffect(() => {
    if (location === shownAt.current) return;
    shownAt.current = location;
    // Nothing has the focus when the address is the browser's first: the tab order begins at the top.
    const hasFocus = document.activeElement !== null && document.activeElement !== document.body;
    if (hasFocus) content.current?.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }, [location]);
  return content;
}

/** The event stream hears first that the session has ended elsewhere. */
function useSignedOutByStream() {
  const queries = useQueryClient();
  const { problem } = useLiveStatus();
  useEffect(() => noteRefusal(queries, problem), [queries, problem]);
}
