import { type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { isOnTop, putOver } from "./layers";
import { useOpener } from "./use-opener";

interface LayerProps {
  role: "dialog" | "alertdialog";
  look: string;
  labelId: string;
  descriptionId: string | undefined;
  /** Escape was pressed. */
  onEscape: () => void;
  /** The page beside it was pressed. */
  onBeside?: () => void;
  children: ReactNode;
}

const BACKDROP = "fixed inset-0 z-30 bg-black/40 transition-opacity starting:opacity-0";
const REACHABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex="0"]';

/** A dialog over the page, which cannot be reached meanwhile. The focus goes into it, stays in it, and goes back to where it was. */
export function Layer(props: LayerProps) {
  const { role, look, labelId, descriptionId, onEscape, onBeside, children } = props;
  const layer = useRef<HTMLDivElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  useOpener();
  useLayoutEffect(() => {
    if (layer.current === null) return;
    const takeAway = putOver(layer.current);
    if (!popup.current?.contains(document.activeElement)) {
      (reachable(popup.current)[0] ?? popup.current)?.focus({ preventScroll: true });
    }
    return takeAway;
  }, []);
  useEscape(layer, onEscape);
  const about = {
    role,
    "aria-modal": true,
    "aria-labelledby": labelId,
    "aria-describedby": descriptionId,
  };
  return createPortal(
    <div ref={layer} data-over-page>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it is the page that is pressed; keys have Escape */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above */}
      <div className={BACKDROP} onClick={onBeside} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its role is among what is said about it */}
      <div
        ref={popup}
        {...about}
        tabIndex={-1}
        onKeyDown={(event) => stayInside(event, popup.current)}
        className={`${look} outline-none`}
      >
        {children}
      </div>
    </div>,
    document.body,
  );
}

function reachable(popup: HTMLElement | null): HTMLElement[] {
  return [...(popup?.querySelectorAll<HTMLElement>(REACHABLE) ?? [])];
}

/** Tab goes on at the other end. */
function stayInside(event: KeyboardEvent, popup: HTMLElement | null): void {
  if (event.key !== "Tab" || !popup?.contains(event.target as Node)) return;
  const all = reachable(popup);
  const [from, to] = event.shiftKey ? [all.at(0), all.at(-1)] : [all.at(-1), all.at(0)];
  const isAtEnd = document.activeElement === from || document.activeElement === popup;
  if (!isAtEnd) return;
  event.preventDefault();
  to?.focus();
}

/** Hears Escape wherever the focus is, unless something in the layer has used it. */
function useEscape(layer: { current: HTMLElement | null }, onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useLayoutEffect(() => {
    const hear = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      if (layer.current === null || !isOnTop(layer.current)) return;
      event.preventDefault();
      latest.current();
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, [layer]);
}
