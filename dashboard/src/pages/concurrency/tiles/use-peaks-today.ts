import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, bodyOf } from "../../../api/client";
import { useSignedIn } from "../../../auth/session";
import type { History, HistoryPoint, Recent } from "../../../domain";
import { useNow, useServerNow } from "../../../live/live-provider";
import { beginOfDay } from "../../../time-zone";
import { type Part, partsOfToday } from "../../shared/today";
import { highestOf, type Peaks, peaksSince } from "./peaks-today";

/** The most calls at once since midnight here, up to the last minute that was read; undefined while that is not known. */
export function usePeaksToday(recent: Recent | undefined): Peaks | undefined {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const midnight = beginOfDay(useNow(60_000));
  const { data } = useQuery({
    queryKey: ["concurrency", org, "peaks today", midnight],
    queryFn: ({ signal }) => readPeaks(midnight, serverNow(), signal),
    // What comes later is in the last hour, which is read every minute.
    staleTime: 600_000,
    retry: false,
  });
  return useMemo(() => {
    if (data === undefined || recent === undefined) return undefined;
    return highestOf([data, peaksSince(midnight, recent.points)]);
  }, [data, recent, midnight]);
}

async function readPeaks(midnight: number, nowMs: number, signal: AbortSignal): Promise<Peaks> {
  const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
  return peaksSince(midnight, (await Promise.all(read)).flat());
}

async function readPart({ fromMs, toMs, stepS }: Part, signal: AbortSignal) {
  const query = {
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step_s: stepS,
  };
  const history = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
  // Texts are for those who ask for CSV.
  const { series } = history as History;
  return series.flatMap(({ points }): readonly HistoryPoint[] => points);
}
