import {
  type KeyboardEvent,
  type PointerEvent,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from "react";

/** Long enough to go from the control to what is said of it. */
const LEAVES_AFTER_MS = 120;

type Mouse = PointerEvent<HTMLElement>;

/** When what is said of a control is shown: on hover, also over the words themselves, and on focus by keyboard, until Escape. */
export function useTip(delayMs: number) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLElement>(null);
  const popup = useRef<HTMLDivElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const turn = (open: boolean, afterMs = 0) => {
    clearTimeout(timer.current);
    if (afterMs === 0) setOpen(open);
    else timer.current = setTimeout(() => setOpen(open), afterMs);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useClosedByEscape(isOpen, () => turn(false));
  const over = {
    onPointerEnter: ({ pointerType }: Mouse) => pointerType !== "touch" && turn(true, delayMs),
    onPointerLeave: () => turn(false, LEAVES_AFTER_MS),
  };
  const trigger = {
    ...over,
    onFocus: () => isByKeyboard(anchor) && turn(true),
    onBlur: () => turn(false),
    onPointerDown: () => turn(false),
    onKeyDown: ({ key }: KeyboardEvent) => key === "Enter" && turn(false),
  };
  return { isOpen, anchor, popup, trigger, over };
}

function isByKeyboard({ current }: RefObject<HTMLElement | null>): boolean {
  return current?.matches(":focus-visible") ?? false;
}

function useClosedByEscape(isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return;
    const onKeyDown = ({ key }: globalThis.KeyboardEvent) => key === "Escape" && latest.current();
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isOpen]);
}
