import type { Recent } from "../../../domain";
import type { LongWaits } from "./matrix-rows";

const UNREAD: LongWaits = new Map();

/** The waits of the last hour by agent. Empty while they are read; undefined: the agents are too many to read. */
export function longWaits(recent: Recent | undefined): LongWaits | undefined {
  if (recent === undefined) return UNREAD;
  if (recent.agents === null) return undefined;
  return new Map(
    recent.agents.flatMap(({ agent, wait_ms }) =>
      wait_ms === null ? [] : [[agent, wait_ms.p95] as const],
    ),
  );
}
