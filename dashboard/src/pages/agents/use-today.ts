import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import { useSignedIn } from "../../auth/session";
import type { History } from "../../domain";
import { useLive, useNow, useServerNow } from "../../live/live-provider";
import { beginOfDay } from "../../time-zone";
import { type Part, partsOfToday } from "../shared/today";
import { merged, type Peaks, peaksOf, raised, type Starts, startsOf } from "./peaks";

interface Seen {
  midnight: number;
  peaks: Peaks;
}

interface Today {
  peaks: Peaks | undefined;
  starts: Starts | undefined;
  error: Error | null;
}

/** Today's peaks and starts by agent; undefined while they are read. */
export function useToday(): Today {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const midnight = beginOfDay(useNow(60_000));
  const counted = useQuery({
    queryKey: ["agents", org, "peaks", midnight],
    queryFn: ({ signal }) => readToday(midnight, serverNow(), signal),
    // Peaks that come later are seen live.
    staleTime: 60_000,
  });
  const agents = useLive((live) => live.pool.agents) ?? [];
  const [seen, setSeen] = useState<Seen>({ midnight, peaks: new Map() });
  const before = seen.midnight === midnight ? seen.peaks : new Map<string, number>();
  const now = raised(before, agents);
  if (now !== before || seen.midnight !== midnight) setSeen({ midnight, peaks: now });
  return {
    peaks: counted.data === undefined ? undefined : merged(counted.data.peaks, now),
    starts: counted.data?.starts,
    error: counted.error,
  };
}

async function readToday(midnight: number, nowMs: number, signal: AbortSignal) {
  const read = partsOfToday(midnight, nowMs).map((part) => readPart(part, signal));
  const histories = await Promise.all(read);
  return { peaks: histories.map(peaksOf).reduce(merged, new Map()), starts: startsOf(histories) };
}

async function readPart({ fromMs, toMs, stepS }: Part, signal: AbortSignal): Promise<History> {
  const query = {
    by: "agent" as const,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    step_s: stepS,
  };
  const history = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
  // Texts are for those who ask for CSV.
  return history as History;
}
