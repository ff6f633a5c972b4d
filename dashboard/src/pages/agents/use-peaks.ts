import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import { useSignedIn } from "../../auth/session";
import type { History } from "../../domain";
import { useLive, useNow, useServerNow } from "../../live/live-provider";
import { localMidnight, type Part, partsOfToday } from "../shared/today";
import { merged, type Peaks, peaksOf, raised } from "./peaks";

interface Seen {
  midnight: number;
  peaks: Peaks;
}

/** Today's peaks by agent; undefined while they are read. */
export function usePeaks(): { peaks: Peaks | undefined; error: Error | null } {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const midnight = localMidnight(useNow(60_000));
  const counted = useQuery({
    queryKey: ["agents", org, "peaks", midnight],
    queryFn: ({ signal }) => readPeaks(midnight, serverNow(), signal),
    // What comes later is seen live.
    staleTime: 60_000,
  });
  const agents = useLive((live) => live.pool.agents) ?? [];
  const [seen, setSeen] = useState<Seen>({ midnight, peaks: new Map() });
  const before = seen.midnight === midnight ? seen.peaks : new Map<string, number>();
  const now = raised(before, agents);
  if (now !== before || seen.midnight !== midnight) setSeen({ midnight, peaks: now });
  return {
    peaks: counted.data === undefined ? undefined : merged(counted.data, now),
    error: counted.error,
  };
}

async function readPeaks(midnight: number, nowMs: number, signal: AbortSignal): Promise<Peaks> {
  const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
  return (await Promise.all(read)).reduce(merged, new Map());
}

async function readPart({ fromMs, toMs, stepS }: Part, signal: AbortSignal): Promise<Peaks> {
  const query = {
    by: "agent" as const,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step_s: stepS,
  };
  const history = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
  // Texts are for those who ask for CSV.
  return peaksOf(history as History);
}
