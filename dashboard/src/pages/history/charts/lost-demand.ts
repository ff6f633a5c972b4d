// Calls that asked for a slot and were never served, or were lost. Pure.

import type { ColorName } from "../../../chart/colors";
import type { HistoryPoint } from "../../../domain";
import type { Chart } from "./chart";
import { type Shown, shown } from "./chart";

interface Loss {
  name: string;
  color: ColorName;
  of: (point: HistoryPoint) => number;
}

/** Why demand is lost, those that find no slot first. */
export const LOSSES: readonly Loss[] = [
  { name: "Gave up", color: "series-8", of: ({ ended }) => ended?.canceled ?? 0 },
  { name: "Ran out", color: "series-4", of: ({ ended }) => ended?.max_wait ?? 0 },
  { name: "Refused", color: "series-3", of: ({ refused }) => refused },
  {
    name: "Not taken up",
    color: "series-5",
    of: ({ ended }) => (ended?.unclaimed ?? 0) + (ended?.declined ?? 0),
  },
  {
    name: "Engine lost",
    color: "series-6",
    of: ({ ended }) => (ended?.lease_expired ?? 0) + (ended?.reconciled ?? 0),
  },
];

/** How many were lost in all. */
export function lost(points: readonly HistoryPoint[]): number {
  return LOSSES.reduce((sum, loss) => sum + total(points, loss), 0);
}

/** "12 gave up, 3 refused" */
export function lostText(points: readonly HistoryPoint[]): string {
  const sums = LOSSES.map((loss) => ({ name: loss.name.toLowerCase(), sum: total(points, loss) }));
  const some = sums.filter(({ sum }) => sum > 0);
  return some.map(({ name, sum }) => `${sum} ${name}`).join(", ");
}

/** The chart of them; none where nothing was lost. */
export function lostChart(points: readonly HistoryPoint[]): Chart[] {
  const series = LOSSES.filter((loss) => total(points, loss) > 0).map(
    ({ name, color, of }): Shown => shown({ name, kind: "layer", color, values: points.map(of) }),
  );
  if (series.length === 0) return [];
  const hint =
    "Gave up: canceled before they started. Ran out: queued for as long as they may be. Refused: no room in the queue or the lease. Not taken up: unclaimed or declined. Engine lost: its lease ended, or it no longer knew the call.";
  return [{ title: "Lost demand", hint, unit: "count", series }];
}

function total(points: readonly HistoryPoint[], { of }: Loss): number {
  return points.reduce((sum, point) => sum + of(point), 0);
}
