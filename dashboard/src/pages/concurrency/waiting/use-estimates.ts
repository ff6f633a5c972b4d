import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../../api/client";
import { useSignedIn } from "../../../auth/session";
import type { Call } from "../../../domain";

/** How much longer calls wait, in milliseconds by their ids: those at the head of the queue that an estimate is known of. */
export type Estimates = ReadonlyMap<string, number>;

/** No event says an estimate: while calls wait, it is asked for again. */
const EVERY_MS = 5_000;
const HEAD = 100;
const NONE: Estimates = new Map();

export function useEstimates(isAnyWaiting: boolean): Estimates {
  const { org } = useSignedIn();
  const { data } = useQuery({
    queryKey: ["estimates", org],
    queryFn: async ({ signal }): Promise<Estimates> => {
      const query = { state: "queued" as const, limit: HEAD };
      const page = await bodyOf(api.GET("/v1/calls", { params: { query }, signal }));
      // Texts are for those who ask for CSV.
      const { items } = page as { items: readonly Call[] };
      const known = items.flatMap(({ id, estimated_wait_ms }) =>
        estimated_wait_ms === null ? [] : [[id, estimated_wait_ms] as const],
      );
      return new Map(known);
    },
    enabled: isAnyWaiting,
    refetchInterval: EVERY_MS,
    retry: false,
  });
  return (isAnyWaiting ? data : undefined) ?? NONE;
}
