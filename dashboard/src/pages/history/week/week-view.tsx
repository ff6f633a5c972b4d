import { useQuery } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { useSignedIn } from "../../../auth/session";
import { readColors } from "../../../chart/colors";
import { useServerNow } from "../../../live/live-provider";
import { type Zone, zoneName, zoneNow } from "../../../time-zone";
import { Select } from "../../../ui/form/select";
import { ProblemNote } from "../../../ui/message/problem-note";
import { Empty, Loading } from "../../../ui/page/page";
import { PictureButton } from "../export/picture-button";
import { pictureOfWeek } from "../export/picture-of-week";
import { isQuiet, sinceFirstCall } from "../figures/quiet";
import { readHours } from "../figures/read-figures";
import { useLimits } from "../figures/use-figures";
import { longFromTo } from "../span/times";
import type { Weeks } from "../url-state";
import { HeatMap } from "./heat-map";
import { type HeatMapTold, usageMap, waitMap } from "./heat-maps";
import { hoursOfWeek } from "./hours-of-week";
import { WeekTable } from "./week-table";

const REFRESH_MS = 5 * 60_000;

const ZONES = [
  { value: "local", label: zoneName("local") },
  { value: "utc", label: "UTC" },
] as const;

/** When in the week the pool is full and calls wait. */
export function WeekView({ weeks, isTable }: { weeks: Weeks; isTable: boolean }) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const section = useRef<HTMLElement>(null);
  const [zone, setZone] = useState<Zone>(zoneNow);
  const { data, error } = useQuery({
    queryKey: ["history", org, "hours", weeks],
    queryFn: ({ signal }) => readHours(weeks, serverNow(), signal),
    refetchInterval: REFRESH_MS,
  });
  const limits = useLimits(data);
  const points = useMemo(() => sinceFirstCall(data?.points ?? []), [data]);
  const hours = useMemo(() => hoursOfWeek(points, limits, zone), [points, limits, zone]);
  const maps: readonly HeatMapTold[] = [usageMap(), waitMap(hours)];
  if (data === undefined) {
    return error === null ? <Loading what="the history" /> : <ProblemNote error={error} />;
  }
  const first = points[0];
  const span = longFromTo(
    first === undefined ? data.range.fromMs : Date.parse(first.at),
    data.range.toMs,
  );
  const take = () => {
    const within = section.current;
    if (within === null) return undefined;
    const colors = readColors(within);
    const inZone = `${span}, hours in ${zoneName(zone)}`;
    return { within, picture: pictureOfWeek(maps, hours, inZone, (name) => colors[name]) };
  };
  return (
    <section
      ref={section}
      aria-label="Hours of the week"
      className="flex flex-col rounded-lg border border-line bg-surface shadow-card"
    >
      <div className="flex flex-wrap items-end justify-between gap-3 p-3 sm:p-4">
        <p className="text-muted">
          {isQuiet(points) ? `The last ${weeks} weeks` : `Hours from ${span}`}
        </p>
        <div className="flex flex-wrap items-end gap-2">
          <Select label="Hours in" value={zone} choices={ZONES} onChange={setZone} />
          {!isTable && !isQuiet(points) && (
            <PictureButton take={take} name={(org) => `${org}-history-${weeks}-weeks.png`} />
          )}
        </div>
      </div>
      <ProblemNote error={error} />
      {isQuiet(points) && (
        <Empty title="No calls in these weeks">
          <p>As soon as calls start, this shows when in the week the pool fills and calls wait.</p>
        </Empty>
      )}
      {!isQuiet(points) &&
        (isTable ? (
          <WeekTable hours={hours} />
        ) : (
          maps.map((map) => <HeatMap key={map.title} {...map} hours={hours} />)
        ))}
    </section>
  );
}
