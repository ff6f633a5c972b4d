import { Fragment, useEffect, useRef, useState } from "react";
import { counted, moment } from "../format";
import { TipPopup } from "../ui/control/tip-popup";
import { useTip } from "../ui/control/use-tip";
import { groupMarks, type Mark } from "./mark-groups";
import { PLOT_LEFT_PX, PLOT_RIGHT_PX } from "./plot-options";

/** How close flags may be to each other, and how many changes one names. */
const DISTANCE_PX = 20;
const MOST_NAMED = 8;

/** Flags above a chart, where marks are; they say what happened. They are aligned with the plot of a `TimeChart` below them. */
export function Marks(props: {
  marks: readonly Mark[];
  range: { fromMs: number; toMs: number };
  /** What they all are: "Settings changes". */
  label: string;
  /** What one is: "change". */
  of: string;
}) {
  const { marks, range, label, of } = props;
  const holder = useRef<HTMLUListElement>(null);
  const width = useWidth(holder) - PLOT_LEFT_PX - PLOT_RIGHT_PX;
  const length = range.toMs - range.fromMs;
  const groups = groupMarks(marks, range, (DISTANCE_PX / Math.max(width, 1)) * length);
  return (
    <ul ref={holder} aria-label={label} className="relative h-5">
      {width > 0 &&
        groups.map((group) => {
          const first = group[0];
          if (first === undefined) return null;
          const left = PLOT_LEFT_PX + ((first.atMs - range.fromMs) / length) * width;
          return (
            <li key={first.atMs} className="absolute bottom-0" style={{ left: left - 10 }}>
              <Flag group={group} of={of} />
            </li>
          );
        })}
    </ul>
  );
}

function Flag({ group, of }: { group: readonly Mark[]; of: string }) {
  const tip = useTip(100);
  const named = group.slice(0, MOST_NAMED);
  const text = named.map(({ atMs, text }) => `${moment(atMs)}: ${text}`).join("; ");
  const more = group.length - named.length;
  return (
    <>
      <button
        ref={(button) => {
          tip.anchor.current = button;
        }}
        type="button"
        {...tip.trigger}
        aria-label={`${counted(group.length, of)}. ${text}`}
        className="grid h-5 min-w-5 place-items-center rounded border border-line bg-surface px-0.5 text-[0.7rem] text-muted leading-none hover:border-line-strong hover:text-text"
      >
        {group.length === 1 ? "▼" : group.length > 99 ? "99+" : group.length}
      </button>
      <TipPopup tip={tip} width="max-w-96">
        {named.map((mark, index) => (
          <Fragment key={`${mark.atMs} ${mark.text}`}>
            {named[index - 1]?.atMs !== mark.atMs && (
              <p className="text-muted text-xs">{moment(mark.atMs)}</p>
            )}
            <p className="break-words">{mark.text}</p>
          </Fragment>
        ))}
        {more > 0 && <p className="text-muted">and {counted(more, `more ${of}`)}</p>}
      </TipPopup>
    </>
  );
}

function useWidth(holder: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const element = holder.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setWidth(element.clientWidth));
    observer.observe(element);
    return () => observer.disconnect();
  }, [holder]);
  return width;
}
