import type { ColorName } from "./colors";
import { type Dash, patternOf } from "./dash";

export interface LegendItem {
  name: string;
  color: ColorName;
  look: "area" | "line" | "layer" | "dashed";
  /** How its line is broken. */
  dash?: Dash | undefined;
  /** At the cursor, as it is read. */
  value: string;
  /** How many characters values have, so that nothing moves with the cursor. */
  room: number;
}

/** What the colours of a chart mean, with the values at the cursor. */
export function Legend({ items }: { items: readonly LegendItem[] }) {
  return (
    <ul className="flex min-w-0 flex-wrap gap-x-4 gap-y-1">
      {items.map((item) => (
        // Two agents may share a colour, and one may be called as a line is.
        <li
          key={`${item.look} ${item.name}`}
          className="flex min-w-0 max-w-full items-center gap-1.5"
        >
          <Swatch item={item} />
          <bdi title={item.name} className="min-w-0 max-w-72 truncate text-muted">
            {item.name}
          </bdi>
          <span className="font-medium whitespace-nowrap" style={{ minWidth: `${item.room}ch` }}>
            {item.value}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The pattern of a line in a legend. */
export function legendPattern({
  look,
  dash,
}: Pick<LegendItem, "look" | "dash">): readonly number[] {
  return look === "dashed" ? [5, 4] : patternOf(dash);
}

function Swatch({ item }: { item: LegendItem }) {
  const { color, look } = item;
  const isLine = look === "line" || look === "dashed";
  return (
    <svg
      aria-hidden="true"
      viewBox={isLine ? "0 0 26 10" : "0 0 14 10"}
      className={`h-2.5 shrink-0 forced-color-adjust-none ${isLine ? "w-6.5" : "w-3.5"}`}
    >
      {isLine ? (
        <line
          x1="0"
          x2="26"
          y1="5"
          y2="5"
          strokeWidth="2"
          strokeDasharray={legendPattern(item).join(" ")}
          style={{ stroke: `var(--${color})` }}
        />
      ) : (
        <rect
          x="2"
          width="10"
          height="10"
          rx="2"
          fillOpacity={look === "layer" ? 0.7 : 1}
          style={{ fill: `var(--${color})` }}
        />
      )}
    </svg>
  );
}
