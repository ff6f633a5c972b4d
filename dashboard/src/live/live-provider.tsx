// The live state for the pages. What they read changes at most four times a second.

import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useSyncExternalStore,
} from "react";
import { ownServer } from "./connection/server-requests";
import type { LiveStatus } from "./connection/status";
import { isShallowEqual } from "./shallow-equal";
import type { LiveState } from "./state/live-state";
import { LiveStore } from "./store";
import { ownBrowser, share } from "./tab-leader";
import { Ticker } from "./ticker";

export type { LiveStatus } from "./connection/status";
export type { TextPart } from "./state/event-sentence";
export type { LiveState } from "./state/live-state";

const Store = createContext<LiveStore | undefined>(undefined);

/** Follows an organisation for the pages within. */
export function LiveProvider({ org, children }: { org: string; children: ReactNode }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another organisation has another state
  const store = useMemo(() => new LiveStore(), [org]);
  useEffect(() => {
    const stop = share(org, store, ownServer(store.hearDate), ownBrowser());
    return () => {
      stop();
      store.close();
    };
  }, [org, store]);
  return <Store value={store}>{children}</Store>;
}

/** What was selected, of what and how. */
interface Selected<T> {
  live?: LiveState | undefined;
  select?: (live: LiveState) => T;
  part?: T | undefined;
}

/** A part of the live state; undefined until the first reading. Renders again only when the part changes. */
export function useLive<T>(select: (live: LiveState) => T): T | undefined {
  const store = useStore();
  const last = useRef<Selected<T>>({});
  const read = () => {
    const live = store.live();
    // Selected once of each state, or what is new each time would be rendered forever.
    if (last.current.live !== live || last.current.select !== select) {
      const part = live === undefined ? undefined : select(live);
      const isSame = isShallowEqual(last.current.part, part);
      last.current = { live, select, part: isSame ? last.current.part : part };
    }
    return last.current.part;
  };
  return useSyncExternalStore(store.subscribe, read);
}

/** Whether the page follows the server. */
export function useLiveStatus(): LiveStatus {
  const store = useStore();
  return useSyncExternalStore(store.subscribe, store.status);
}

/** The server's time now, in milliseconds, whatever the clock here says. */
export function useServerNow(): () => number {
  return useStore().serverNow;
}

/** The server's time, updated at this pace; it stops while the page is stale. */
export function useNow(everyMs: number): number {
  const store = useStore();
  const ticker = useMemo(() => new Ticker(store, everyMs), [store, everyMs]);
  const subscribe = useCallback((listener: () => void) => ticker.subscribe(listener), [ticker]);
  return useSyncExternalStore(subscribe, ticker.now);
}

function useStore(): LiveStore {
  const store = useContext(Store);
  if (store === undefined) throw new Error("the live state is read outside of a LiveProvider");
  return store;
}
