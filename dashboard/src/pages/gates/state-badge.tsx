import { useNow } from "../../live/live-provider";
import { Badge } from "../../ui/text/badge";
import type { GateRow } from "./gate-rows";
import { type GateState, stateOf } from "./gate-state";

const LOOK: Record<GateState["kind"], "good" | "warning" | "accent" | "plain"> = {
  open: "good",
  paused: "warning",
  closed: "plain",
  full: "warning",
  paced: "accent",
};

/** Whether calls start through a gate now. */
export function StateBadge({ row }: { row: GateRow }) {
  const { kind, words } = stateOf(row, useNow(1_000));
  return (
    <span className="block truncate" title={words}>
      <Badge kind={LOOK[kind]}>{words}</Badge>
    </span>
  );
}
