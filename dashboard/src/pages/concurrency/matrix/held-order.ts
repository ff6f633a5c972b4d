import { useMemo, useRef, useState } from "react";
import type { PoolAgent } from "../../../domain";
import { inOrder } from "./matrix-rows";

/**
 * Keeps rows from changing places while somebody points at them or is among them with the keyboard. What is held is let go
 * when another order is asked for.
 */
export function useHeldOrder(rows: readonly PoolAgent[], asked: string) {
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const isHeld = isPointed || isFocused;
  const last = useRef({ asked, ids: [] as readonly string[] });
  const ordered = useMemo(() => {
    const isSame = last.current.asked === asked && last.current.ids.length > 0;
    const shown = isHeld && isSame ? inOrder(rows, last.current.ids) : rows;
    last.current = { asked, ids: shown.map(({ id }) => id) };
    return shown;
  }, [rows, asked, isHeld]);
  const hold = useMemo(
    () => ({
      onPointerEnter: () => setPointed(true),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    }),
    [],
  );
  return { ordered, hold };
}
