import { type KeyboardEvent, useRef, useState } from "react";
import { count } from "../../../format";
import { Tip } from "../../../ui/tip";
import { groundOf, OVER_GROUND, SHARED_GROUND, STRIPES } from "./agent-color-classes";
import type { Bar, Segment } from "./pool-bar-segments";

/** The pool as a bar. One stop for the keyboard; the arrow keys go from segment to segment. */
export function PoolBar({ bar, label }: { bar: Bar; label: string }) {
  const { segments, slots, limit } = bar;
  const [reachedKey, setReachedKey] = useState<string>();
  const group = useRef<HTMLFieldSetElement>(null);
  const reached = segments.some(({ key }) => key === reachedKey) ? reachedKey : segments[0]?.key;
  const move = (event: KeyboardEvent) => {
    const next = nextIndex(
      event.key,
      segments.findIndex(({ key }) => key === reached),
      segments,
    );
    if (next === undefined) return;
    event.preventDefault();
    setReachedKey(segments[next]?.key);
    group.current?.querySelectorAll<HTMLElement>("[data-segment]")[next]?.focus();
  };
  return (
    <div className="relative">
      <fieldset
        ref={group}
        aria-label={label}
        onKeyDown={move}
        className="flex h-9 w-full min-w-0 gap-0.5"
      >
        {segments.map((segment) => (
          <BarSegment
            key={segment.key}
            segment={segment}
            isReached={segment.key === reached}
            onReach={setReachedKey}
          />
        ))}
      </fieldset>
      {slots > limit && <LimitMark at={limit / slots} limit={limit} />}
    </div>
  );
}

function nextIndex(key: string, at: number, segments: readonly Segment[]): number | undefined {
  const last = segments.length - 1;
  switch (key) {
    case "ArrowRight":
      return Math.min(last, at + 1);
    case "ArrowLeft":
      return Math.max(0, at - 1);
    case "Home":
      return 0;
    case "End":
      return last;
    default:
      return undefined;
  }
}

function BarSegment(props: {
  segment: Segment;
  isReached: boolean;
  onReach: (key: string) => void;
}) {
  const { segment, isReached, onReach } = props;
  const { solid, pale } = groundOfSegment(segment);
  const usedPercent = segment.slots === 0 ? 0 : (segment.inUse / segment.slots) * 100;
  return (
    <Tip text={`${segment.name}: ${segment.says}`}>
      <div
        role="img"
        aria-label={segment.name}
        data-segment={segment.key}
        tabIndex={isReached ? 0 : -1}
        onFocus={() => onReach(segment.key)}
        className={`relative h-full min-w-1 basis-0 overflow-hidden rounded-sm border ${pale}`}
        style={{ flexGrow: segment.slots }}
      >
        <div
          className={`absolute inset-y-0 left-0 transition-[width] duration-200 ${solid}`}
          style={{ width: `${usedPercent}%`, ...(isStriped(segment) && STRIPES) }}
        />
      </div>
    </Tip>
  );
}

function groundOfSegment({ kind, color }: Segment) {
  if (kind === "shared") return SHARED_GROUND;
  if (kind === "over") return OVER_GROUND;
  return groundOf(color);
}

function isStriped({ kind, color }: Segment): boolean {
  return kind === "over" || (color?.isStriped ?? false);
}

/** Where the limit is while more than it is promised. */
function LimitMark({ at, limit }: { at: number; limit: number }) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute -inset-y-1 border-danger border-l-2 border-dashed"
      style={{ left: `${at * 100}%` }}
    >
      <span className="absolute top-full right-1 text-danger text-xs whitespace-nowrap">
        limit {count(limit)}
      </span>
    </div>
  );
}

/** What the colours mean, with the numbers. */
export function PoolLegend({ bar }: { bar: Bar }) {
  return (
    <ul aria-label="Legend" className="flex flex-wrap gap-x-5 gap-y-1">
      {bar.segments.map((segment) => (
        <li key={segment.key} className="flex min-w-0 max-w-full items-center gap-1.5">
          <Swatch segment={segment} />
          <span className="max-w-44 truncate" title={segment.name}>
            {segment.name}
          </span>
          <span
            className="text-muted whitespace-nowrap"
            style={{ minWidth: `${2 * count(segment.slots).length + 3}ch` }}
          >
            {segment.kind === "over"
              ? count(segment.slots)
              : `${count(segment.inUse)} of ${count(segment.slots)}`}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Swatch({ segment }: { segment: Segment }) {
  return (
    <span
      aria-hidden="true"
      className={`size-2.5 shrink-0 rounded-sm ${groundOfSegment(segment).solid}`}
      style={isStriped(segment) ? STRIPES : undefined}
    />
  );
}
