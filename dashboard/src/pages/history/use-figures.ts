import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { type LiveState, useLive, useServerNow } from "../../live/live-provider";
import { useSignedIn } from "../../session";
import { type LimitStretch, limitChanges, limitLine, needsEarlierChanges } from "./limit-line";
import { type Figures, readFigures, readMarkers } from "./read-figures";
import { pointsFor, refreshMs, stepFor } from "./span";
import type { View } from "./url-state";

/** The figures of a view, read again as time goes on. Those of the view before stay until the new ones are there. */
export function useFigures({ span, by }: View) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const stepS = stepFor(span, useMostPoints());
  return useQuery({
    queryKey: ["history", org, span, by, stepS],
    queryFn: ({ signal }) => readFigures({ span, by, stepS }, serverNow(), signal),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => refreshMs(span, state.data?.stepS ?? stepS, serverNow()),
  });
}

/** The limit over the span of figures. */
export function useLimits(figures: Figures | undefined): readonly LimitStretch[] {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const limitNow = useLive((live) => live.pool.limit);
  const own = useMemo(() => limitChanges(figures?.markers ?? []), [figures?.markers]);
  const isNeeded = figures !== undefined && needsEarlierChanges(own, figures.range);
  const all = useQuery({
    queryKey: ["history", org, "all markers"],
    queryFn: ({ signal }) => readMarkers(serverNow(), signal),
    enabled: isNeeded,
    staleTime: 60_000,
  });
  const earlier = isNeeded ? all.data : undefined;
  return useMemo(() => {
    if (figures === undefined || (isNeeded && earlier === undefined)) return [];
    const changes = limitChanges([...(earlier ?? []), ...figures.markers]);
    return limitLine(changes, figures.range, limitNow);
  }, [figures, isNeeded, earlier, limitNow]);
}

/** The names of agents by id. */
export function useAgentNames(): ReadonlyMap<string, string> {
  return useLive(agentNames) ?? NO_NAMES;
}

const NO_NAMES: ReadonlyMap<string, string> = new Map();

function agentNames({ pool }: LiveState): ReadonlyMap<string, string> {
  return new Map(pool.agents.map(({ id, name }) => [id, name]));
}

function useMostPoints(): number {
  return useSyncExternalStore(
    (onChange) => {
      window.addEventListener("resize", onChange);
      return () => window.removeEventListener("resize", onChange);
    },
    () => pointsFor(window.innerWidth),
  );
}
