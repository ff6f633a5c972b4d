import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo, useSyncExternalStore } from "react";
import { useSignedIn } from "../../../auth/session";
import { useLive, useServerNow } from "../../../live/live-provider";
import {
  type LimitStretch,
  limitChanges,
  limitLine,
  needsEarlierChanges,
} from "../changes/limit-line";
import { pointsFor, rangeOf, refreshMs, stepFor } from "../span/span";
import type { View } from "../url-state";
import { type Figures, readFigures, readMarkers } from "./read-figures";

/** The figures of a view, read again as time goes on. Those of the view before stay until the new ones are there. */
export function useFigures({ span, by, isCompared, weeks }: View) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const stepS = stepFor(span, useMostPoints());
  return useQuery({
    queryKey: ["history", org, span, by, stepS, isCompared],
    // In their place, the hours of the week are shown.
    enabled: weeks === undefined,
    queryFn: ({ client, queryKey, signal }) => {
      // Points that had to be longer the last time have to be again.
      const before = client.getQueryData<Figures>(queryKey);
      const wanted = { span, by, stepS: before?.stepS ?? stepS, isCompared };
      return readFigures(wanted, serverNow(), signal);
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) =>
      refreshMs(data?.range ?? rangeOf(span, stepS, serverNow()), data?.stepS ?? stepS),
  });
}

/** The limit over the span of figures. */
export function useLimits(
  figures: Pick<Figures, "markers" | "range"> | undefined,
): readonly LimitStretch[] {
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

function useMostPoints(): number {
  return useSyncExternalStore(
    (onChange) => {
      window.addEventListener("resize", onChange);
      return () => window.removeEventListener("resize", onChange);
    },
    () => pointsFor(window.innerWidth),
  );
}
