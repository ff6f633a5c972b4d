// The cursor that several charts over the same points share.

import { useSyncExternalStore } from "react";

type Listener = (index: number | null, mover: unknown) => void;

/** The point under the cursor, and who wants to know. */
export class CursorGroup {
  private index: number | null = null;
  private readonly listeners = new Set<Listener>();

  /** Null: nowhere. */
  get at(): number | null {
    return this.index;
  }

  /** Puts the cursor somewhere. `mover` did so, and is not notified. */
  move(index: number | null, mover?: unknown): void {
    if (index === this.index) return;
    this.index = index;
    for (const listener of this.listeners) listener(index, mover);
  }

  /** Calls back whenever the cursor has moved. Returns how to stop it. */
  watch(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }
}

/** The point under the cursor of a group; null: none. */
export function useCursor(group: CursorGroup): number | null {
  return useSyncExternalStore(
    (onChange) => group.watch(onChange),
    () => group.at,
  );
}
