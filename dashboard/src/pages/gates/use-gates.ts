import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { useSignedIn } from "../../auth/session";
import { useLive, useServerNow } from "../../live/live-provider";
import { countByGate } from "../../live/state/gates";
import { readGates } from "./gate-queries";
import { type GateRow, type Reading, rowsOf } from "./gate-rows";

/** What no event says, such as how many calls have ended, is read again while calls pass gates, and now and then. */
const BUSY_EVERY_MS = 2_000;
const CALM_EVERY_MS = 15_000;
/** That many take several requests. */
const MANY = 1_000;

/** The gates; undefined while they are read. */
export function useGates(): { rows: readonly GateRow[] | undefined; error: Error | null } {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const gates = useLive((live) => live.gates);
  const queue = useLive((live) => live.queue);
  const active = useLive((live) => live.active);
  const isComplete = useLive((live) => live.isComplete) ?? false;
  const reading = useQuery({
    queryKey: ["gates", org],
    queryFn: async ({ signal }): Promise<Reading> => {
      const read = await readGates(signal);
      return { gates: read, atMs: serverNow() };
    },
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && isBusy(data) ? BUSY_EVERY_MS : CALM_EVERY_MS,
    structuralSharing: false,
  });
  const { refetch } = reading;
  // What changes a gate changes what is read of it.
  useEffect(() => {
    if (gates !== undefined) void refetch();
  }, [gates, refetch]);
  const counts = useMemo(
    () =>
      isComplete && queue !== undefined && active !== undefined
        ? { active: countByGate(active.values()), queued: countByGate(queue) }
        : undefined,
    [isComplete, queue, active],
  );
  const rows = useMemo(
    () => gates && rowsOf(gates, reading.data, counts),
    [gates, reading.data, counts],
  );
  return { rows, error: reading.error };
}

function isBusy({ gates }: Reading): boolean {
  return gates.size <= MANY && [...gates.values()].some((gate) => gate.active + gate.queued > 0);
}
