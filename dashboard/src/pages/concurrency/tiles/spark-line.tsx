import { HEIGHT, type HourLine, WIDTH } from "./hour-line";

/** A small line of the last hour. It stands still, and takes the colour of text where colours are forced. */
export function SparkLine({ line, area, says }: HourLine) {
  return (
    <svg
      role="img"
      aria-label={says}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="h-5 min-w-0 flex-1 overflow-visible text-accent forced-colors:text-[CanvasText]"
    >
      <path d={area} fill="currentColor" fillOpacity={0.12} />
      <path
        d={line}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
