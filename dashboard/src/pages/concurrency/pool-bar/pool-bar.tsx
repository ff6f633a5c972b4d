import { type KeyboardEvent, useRef, useState } from "react";
import { count } from "../../../format";
import { Tip } from "../../../ui/control/tip";
import { STRIPES } from "./agent-color-classes";
import type { Bar, Segment } from "./pool-bar-segments";
import { Cells, groundOfSegment, isStriped, Proportion } from "./segment-cells";

/** Up to this many slots, each has a cell. */
const MOST_CELLS = 100;

/** The pool as a bar. One stop for the keyboard; the arrow keys go from segment to segment. */
export function PoolBar(props: {
  bar: Bar;
  label: string;
  /** The segment that the page is narrowed to. */
  chosenKey?: string | undefined;
  onChoose?: (segment: Segment) => void;
}) {
  const { bar, label, chosenKey, onChoose } = props;
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
        className="flex h-14 w-full min-w-0 gap-1"
      >
        {segments.map((segment) => (
          <BarSegment
            key={segment.key}
            segment={segment}
            isInCells={slots <= MOST_CELLS}
            isReached={segment.key === reached}
            isChosen={segment.key === chosenKey}
            onReach={setReachedKey}
            onChoose={onChoose}
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
  isInCells: boolean;
  isReached: boolean;
  isChosen: boolean;
  onReach: (key: string) => void;
  onChoose: ((segment: Segment) => void) | undefined;
}) {
  const { segment, isInCells, isReached, isChosen, onReach, onChoose } = props;
  const { slots, name } = segment;
  const common = {
    "data-segment": segment.key,
    tabIndex: isReached ? 0 : -1,
    onFocus: () => onReach(segment.key),
    className: `@container flex h-full min-w-1 basis-0 flex-col gap-1 rounded-sm text-left ${isChosen ? "outline-2 outline-accent outline-offset-2" : ""}`,
    style: { flexGrow: slots },
  };
  const inside = (
    <>
      <span className="block h-4 overflow-hidden text-muted text-xs leading-4">
        <bdi className="hidden truncate @min-[2.5rem]:block">{name}</bdi>
      </span>
      <span className={`flex min-h-0 flex-1 ${slots > 40 ? "gap-px" : "gap-0.5"}`}>
        {isInCells ? <Cells segment={segment} /> : <Proportion segment={segment} />}
      </span>
    </>
  );
  return (
    <Tip text={`${name}: ${segment.says}`}>
      {onChoose === undefined ? (
        <div role="img" aria-label={name} {...common}>
          {inside}
        </div>
      ) : (
        <button
          type="button"
          aria-label={name}
          aria-pressed={isChosen}
          onClick={() => onChoose(segment)}
          {...common}
        >
          {inside}
        </button>
      )}
    </Tip>
  );
}

/** Where the limit is while more than it is promised. */
function LimitMark({ at, limit }: { at: number; limit: number }) {
  return (
    <div
      aria-hidden="true"
      className="pointer-events-none absolute top-4 -bottom-1 border-text border-l-2 border-dashed"
      style={{ left: `${at * 100}%` }}
    >
      <span className="absolute top-full right-1 text-muted text-xs whitespace-nowrap">
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
          <bdi className="max-w-44 truncate" title={segment.name}>
            {segment.name}
          </bdi>
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
      className={`size-2.5 shrink-0 rounded-sm forced-color-adjust-none ${groundOfSegment(segment).solid}`}
      style={isStriped(segment) ? STRIPES : undefined}
    />
  );
}
