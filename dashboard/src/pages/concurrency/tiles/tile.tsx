import type { ReactNode } from "react";
import type { TileText, Tone } from "./tile-texts";

const TONE: Record<Tone, string> = {
  plain: "",
  warning: "text-warning",
  danger: "text-danger",
};

/** A number that narrows the list when it is chosen, and what there is to see of its past. */
export function Tile(props: { text: TileText; onChoose: () => void; children?: ReactNode }) {
  const { name, value, more, tone } = props.text;
  return (
    <div className="relative flex min-w-0 flex-col gap-1 rounded-lg border border-line bg-surface px-4 py-3 shadow-card hover:border-line-strong">
      {/* All of the tile can be pressed; the line of its past is no part of the button's name. */}
      <button
        type="button"
        onClick={props.onChoose}
        className="flex flex-col items-start text-left outline-none after:absolute after:inset-0 after:rounded-lg focus-visible:after:outline-2 focus-visible:after:outline-accent print:flex!"
      >
        {/* The spaces are for those who hear it as one sentence. */}
        <span className="text-muted">{name}</span>{" "}
        <span className="flex flex-wrap items-baseline gap-x-2">
          <span
            className={`font-semibold text-xl whitespace-nowrap ${TONE[tone]}`}
            data-tile={name}
          >
            {value}
          </span>
          {more !== "" && " "}
          {more !== "" && <span className="text-muted">{more}</span>}
        </span>
      </button>
      {props.children}
    </div>
  );
}
