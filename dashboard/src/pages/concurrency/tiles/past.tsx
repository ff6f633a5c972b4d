import { count } from "../../../format";
import type { HourLine } from "./hour-line";
import { SparkLine } from "./spark-line";

/** The last hour of a number and its peak today. It has its place before they are read, so that nothing moves. */
export function Past(props: { hour: HourLine | undefined; peak: number | undefined }) {
  const { hour, peak } = props;
  return (
    <div className="mt-auto flex h-6 items-end gap-3">
      {hour === undefined ? <span className="flex-1" /> : <SparkLine {...hour} />}
      {peak !== undefined && (
        <span className="text-muted text-xs whitespace-nowrap">Peak today {count(peak)}</span>
      )}
    </div>
  );
}
