// How much of what an agent uses is borrowed from the shared pool. Pure.

import { CALL_TYPES, type PoolAgent } from "../../domain";

/** Which part of its active calls holds shared slots; undefined: none is active. */
export function borrowedShare({
  active,
  types,
}: Pick<PoolAgent, "active" | "types">): number | undefined {
  if (active === 0) return undefined;
  return CALL_TYPES.reduce((sum, type) => sum + types[type].shared_in_use, 0) / active;
}
