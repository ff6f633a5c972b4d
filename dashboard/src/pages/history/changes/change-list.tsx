import { counted, moment } from "../../../format";
import type { HistoryMarker } from "./limit-line";
import { markerText } from "./marker-text";

/** The number listed; a narrower span shows the others. */
const MOST_LISTED = 100;

/** The settings changes in a span, newest first. */
export function ChangeList({ markers }: { markers: readonly HistoryMarker[] }) {
  if (markers.length === 0) return null;
  const newestFirst = [...markers].reverse();
  const more = markers.length - MOST_LISTED;
  return (
    <details className="rounded-lg border border-line bg-surface shadow-card">
      <summary className="px-4 py-3 font-medium">
        {counted(markers.length, "settings change", "settings changes")} in this span
      </summary>
      <ul className="border-line border-t px-4 py-2">
        {newestFirst.slice(0, MOST_LISTED).map((marker) => (
          <li key={marker.detail.seq} className="flex flex-wrap gap-x-4 py-1">
            <time dateTime={marker.at} className="text-muted">
              {moment(marker.at)}
            </time>
            <span className="min-w-0 break-words">{markerText(marker)}</span>
          </li>
        ))}
        {more > 0 && (
          <li className="py-1 text-muted">
            And {counted(more, "earlier one")}. Choose a narrower span to see them.
          </li>
        )}
      </ul>
    </details>
  );
}
