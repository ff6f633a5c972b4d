import { useMemo } from "react";
import { useLive, useNow } from "../../../live/live-provider";
import type { LimitStretch } from "../changes/limit-line";
import { headline } from "./headline";
import type { Figures } from "./read-figures";

/** The span in a few figures. */
export function HeadlineFigures(props: { figures: Figures; limits: readonly LimitStretch[] }) {
  const { figures, limits } = props;
  const waitingMs = useLongestStillWaiting(figures.range.isLive);
  const shown = useMemo(
    () => headline({ ...figures, limits, waitingMs }),
    [figures, limits, waitingMs],
  );
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface shadow-card sm:grid-cols-3 lg:flex">
      {shown.map(({ label, value, note, change }) => (
        <div
          key={label}
          className="-mr-px -mb-px flex min-w-0 flex-1 flex-col border-line border-r border-b px-4 py-3"
        >
          <dt className="text-muted">{label}</dt>
          <dd className="font-semibold text-lg whitespace-nowrap">{value}</dd>
          <dd className="text-muted text-xs">{note}</dd>
          {change !== undefined && <dd className="text-xs">{change}</dd>}
        </div>
      ))}
    </dl>
  );
}

/** How long the call has waited that waits longest now; undefined when none does, or the span is over. */
function useLongestStillWaiting(isLive: boolean): number | undefined {
  const since = useLive((live) => live.queue[0]?.requested_at);
  const now = useNow(1000);
  return isLive && since !== undefined ? Math.max(0, now - Date.parse(since)) : undefined;
}
