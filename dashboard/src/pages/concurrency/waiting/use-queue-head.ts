import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../../api/client";
import { useSignedIn } from "../../../auth/session";
import type { Call } from "../../../domain";

/** The calls at the head of the queue as they were read last, by id: with their estimates, and what paces hold them. */
export type QueueHead = ReadonlyMap<string, Call>;

/** No event says an estimate: while calls wait, it is asked for again. */
const EVERY_MS = 5_000;
const HEAD = 100;
const NONE: QueueHead = new Map();

export function useQueueHead(isAnyWaiting: boolean): QueueHead {
  const { org } = useSignedIn();
  const { data } = useQuery({
    queryKey: ["queue head", org],
    queryFn: async ({ signal }): Promise<QueueHead> => {
      const query = { state: "queued" as const, limit: HEAD };
      const page = await bodyOf(api.GET("/v1/calls", { params: { query }, signal }));
      // Texts are for those who ask for CSV.
      const { items } = page as { items: readonly Call[] };
      return new Map(items.map((call) => [call.id, call]));
    },
    enabled: isAnyWaiting,
    refetchInterval: EVERY_MS,
    retry: false,
  });
  return (isAnyWaiting ? data : undefined) ?? NONE;
}

/** How soon the next of them starts, in milliseconds; undefined: nothing supports an estimate. */
export function soonest(head: QueueHead): number | undefined {
  const known = [...head.values()].flatMap(({ estimated_wait_ms: ms }) => (ms === null ? [] : ms));
  return known.length === 0 ? undefined : Math.min(...known);
}
