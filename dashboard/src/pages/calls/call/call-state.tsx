import type { Call, EndReason } from "../../../domain";
import { Badge } from "../../../ui/text/badge";

const LOOK = { queued: "warning", active: "good", ended: "plain" } as const;

/** How far a call has come. */
export function CallState({ state }: { state: Call["state"] }) {
  return <Badge kind={LOOK[state]}>{state}</Badge>;
}

/** Whether a call ended as its client wanted. */
export function isAsWanted(reason: EndReason): boolean {
  return reason === "completed" || reason === "canceled";
}
