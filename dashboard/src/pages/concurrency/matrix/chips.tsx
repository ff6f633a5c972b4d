import type { ReactNode } from "react";
import type { PoolAgent } from "../../../domain";
import { count } from "../../../format";
import { isShown, type Show, type View } from "./matrix-rows";

const CHIPS: readonly { show: Show; label: string; isAlways: boolean }[] = [
  { show: "all", label: "All", isAlways: true },
  { show: "reserved", label: "Reserved", isAlways: true },
  { show: "waiting", label: "Waiting", isAlways: true },
  { show: "at-cap", label: "At cap", isAlways: true },
  { show: "in-use", label: "In use", isAlways: false },
  { show: "shared", label: "On shared slots", isAlways: false },
];

/** Which agents are listed, and how many each choice has. */
export function Chips(props: {
  agents: readonly PoolAgent[];
  view: View;
  onShow: (view: Partial<View>) => void;
}) {
  const { agents, view, onShow } = props;
  const only = agents.find(({ id }) => id === view.agent);
  return (
    <fieldset className="flex flex-wrap gap-1.5">
      <legend className="sr-only">Which agents are listed</legend>
      {CHIPS.filter(({ show, isAlways }) => isAlways || show === view.show).map(
        ({ show, label }) => (
          <Chip
            key={show}
            isOn={view.show === show && view.agent === undefined}
            onChoose={() => onShow({ show, agent: undefined })}
          >
            {label}{" "}
            <span className="text-muted">
              {count(agents.filter((agent) => isShown(agent, show)).length)}
            </span>
          </Chip>
        ),
      )}
      {view.agent !== undefined && (
        <Chip isOn onChoose={() => onShow({ agent: undefined })}>
          <bdi className="max-w-40 truncate">{only?.name ?? view.agent}</bdi>
          <span aria-hidden="true">×</span>
          <span className="sr-only">: list the others as well</span>
        </Chip>
      )}
    </fieldset>
  );
}

function Chip(props: { isOn: boolean; onChoose: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-pressed={props.isOn}
      onClick={props.onChoose}
      className={`inline-flex min-h-7 items-center gap-1.5 rounded-full border px-2.5 pointer-coarse:min-h-10 ${
        props.isOn
          ? "border-accent bg-accent-soft font-medium text-accent"
          : "border-line hover:bg-sunken"
      }`}
    >
      {props.children}
    </button>
  );
}
