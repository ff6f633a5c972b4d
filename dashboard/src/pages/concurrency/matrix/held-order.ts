import { startTransition, useEffect, useMemo, useRef, useState } from "react";
import type { PoolAgent } from "../../../domain";
import { inOrder } from "./matrix-rows";

/** Rows change places this often at most, or nobody could follow them while calls come and go. */
const EVERY_MS = 2_000;

interface Ordered {
  asked: string;
  turn: number;
  isHeld: boolean;
  ids: readonly string[];
}

/**
 * Lets rows change places only now and then, and not at all while somebody points at them or is among them with the
 * keyboard. Another order that is asked for is taken at once.
 */
export function useHeldOrder(rows: readonly PoolAgent[], asked: string) {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPointed || isFocused;
  const turn = useTurns();
  const last = useRef<Ordered>(undefined);
  const ordered = useMemo(() => {
    const before = last.current;
    const isTimely = before?.turn !== turn || before.isHeld;
    const isKept = before?.asked === asked && before.ids.length > 0 && (isHeld || !isTimely);
    const shown = isKept ? inOrder(rows, before.ids) : rows;
    last.current = { asked, turn, isHeld, ids: shown.map(({ id }) => id) };
    return shown;
  }, [rows, asked, isHeld, turn]);
  const hold = useMemo(
    () => ({
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => startTransition(() => setPointed(false)),
      onFocus: () => setFocused(true),
      onBlur: () => startTransition(() => setFocused(false)),
    }),
    [],
  );
  return { ordered, hold };
}

function useTurns(): number {
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => startTransition(() => setTurn((now) => now + 1)), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return turn;
}
