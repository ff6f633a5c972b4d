// What a reader chose, kept in the browser: read once, and the same wherever it is used, also in other tabs.

import { useCallback, useMemo, useSyncExternalStore } from "react";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

/** What is kept under a name, as `read` takes it, which may get anything; and how to keep something else. */
export function useStored<T>(
  name: string,
  read: (kept: unknown) => T,
): [T, (value: T | undefined) => void] {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(name));
  const value = useMemo(() => read(parsed(text)), [text, read]);
  const keep = useCallback(
    (next: T | undefined) => {
      if (next === undefined) localStorage.removeItem(name);
      else localStorage.setItem(name, JSON.stringify(next));
      for (const listener of listeners) listener();
    },
    [name],
  );
  return [value, keep];
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
