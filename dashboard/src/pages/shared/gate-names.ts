// The names of the gates.

import { useMemo } from "react";
import { useLive } from "../../live/live-provider";
import { NO_GATES } from "../../live/state/gates";

/** The names by id, none until they are known. */
export function useGateNames(): ReadonlyMap<string, string> {
  const gates = useLive((live) => live.gates) ?? NO_GATES;
  return useMemo(() => new Map([...gates].map(([id, { name }]) => [id, name])), [gates]);
}
