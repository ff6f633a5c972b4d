import { useRef } from "react";
import type { HeatMapTold } from "./heat-maps";
import { DAYS, type HourOfWeek, hourName, hourText } from "./hours-of-week";
import { useNarrow } from "./use-narrow";

/** So much of the colour a cell has at the most: its text stays readable on it. */
const MOST_COLOR = 45;
/** A day is a row where its hours fit beside each other; else it is a column. */
const ROOM_FOR_HOURS_PX = 860;

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const WEEKDAYS = DAYS.map((_, day) => day);

/** A cell for each hour of the week, the stronger the more there was. Each also has its figure, so colours say nothing alone. */
export function HeatMap(props: HeatMapTold & { hours: readonly HourOfWeek[] }) {
  const { title, hint, scale } = props;
  const frame = useRef<HTMLElement>(null);
  const isUpright = useNarrow(frame, ROOM_FOR_HOURS_PX);
  return (
    <section
      ref={frame}
      aria-label={title}
      className="flex flex-col gap-2 border-line border-t p-3 sm:p-4"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <h2 className="font-semibold">{title}</h2>
        <p className="flex items-center gap-1.5 text-muted text-xs">
          {scale.least}
          <span aria-hidden="true" className="flex forced-colors:hidden">
            {[0, 0.25, 0.5, 0.75, 1].map((level) => (
              <span key={level} className="h-2.5 w-4" style={{ background: groundOf(level) }} />
            ))}
          </span>
          <span className="hidden forced-colors:inline">to</span>
          {scale.most}
        </p>
      </div>
      <p className="text-muted text-xs">{hint}</p>
      <table className="w-full table-fixed border-separate border-spacing-px text-center text-xs">
        <caption className="sr-only">{title}</caption>
        {isUpright ? <Upright {...props} /> : <Lying {...props} />}
      </table>
    </section>
  );
}

type Told = Pick<HeatMapTold, "cellOf"> & { hours: readonly HourOfWeek[] };

/** A row a day. */
function Lying(told: Told) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col" className="w-10 text-left font-normal text-muted">
            <span className="sr-only">Day</span>
          </th>
          {HOURS.map((hour) => (
            <th key={hour} scope="col" className="font-normal text-muted">
              <span className="sr-only">{hourText(hour)}</span>
              <span aria-hidden="true">{String(hour).padStart(2, "0")}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {WEEKDAYS.map((day) => (
          <tr key={day}>
            <th scope="row" className="text-left font-normal text-muted">
              {DAYS[day]}
            </th>
            {HOURS.map((hour) => (
              <HourCell key={hour} {...told} day={day} hour={hour} />
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

/** A column a day. */
function Upright(told: Told) {
  return (
    <>
      <thead>
        <tr>
          <th scope="col" className="w-12 text-left font-normal text-muted">
            <span className="sr-only">Hour</span>
          </th>
          {WEEKDAYS.map((day) => (
            <th key={day} scope="col" className="font-normal text-muted">
              {DAYS[day]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {HOURS.map((hour) => (
          <tr key={hour}>
            <th scope="row" className="text-left font-normal text-muted">
              {hourText(hour)}
            </th>
            {WEEKDAYS.map((day) => (
              <HourCell key={day} {...told} day={day} hour={hour} />
            ))}
          </tr>
        ))}
      </tbody>
    </>
  );
}

function HourCell({ hours, cellOf, day, hour }: Told & { day: number; hour: number }) {
  const found = hours[day * 24 + hour];
  if (found === undefined) return <td aria-label={hourName({ day, hour })} />;
  const { text, long, level } = cellOf(found);
  return (
    <td
      title={long}
      className="h-6 overflow-hidden rounded-xs"
      style={{ background: groundOf(level) }}
    >
      <span aria-hidden="true">{text}</span>
      <span className="sr-only">{long}</span>
    </td>
  );
}

function groundOf(level: number): string {
  return `color-mix(in srgb, var(--accent) ${Math.round(level * MOST_COLOR)}%, var(--sunken))`;
}
