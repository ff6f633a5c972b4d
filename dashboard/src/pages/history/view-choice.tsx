import { Button } from "../../ui/control/button";
import { type Choice, Select } from "../../ui/form/select";
import { type By, type Fill, fillOf, type View } from "./url-state";

const BY: readonly Choice<By>[] = [
  { value: "agent", label: "by agent" },
  { value: "type", label: "by type" },
  { value: "gate", label: "by gate" },
  { value: "none", label: "not stacked" },
];

const FILL: readonly Choice<Fill>[] = [
  { value: "peak", label: "Peak" },
  { value: "mean", label: "Mean" },
];

/** How the figures are shown. */
export function ViewChoice(props: { view: View; onChoose: (change: Partial<View>) => void }) {
  const { view, onChoose } = props;
  const isWeek = view.weeks !== undefined;
  return (
    <div className="flex flex-wrap items-end gap-2">
      {!isWeek && (
        <>
          <Select
            label="Active calls"
            value={view.by}
            choices={BY}
            onChange={(by) => onChoose({ by, fill: undefined })}
          />
          <Select
            label="Area"
            value={fillOf(view)}
            choices={FILL}
            onChange={(fill) => onChoose({ fill })}
          />
          <Toggle isOn={view.isCompared} onClick={() => onChoose({ isCompared: !view.isCompared })}>
            Compare weeks
          </Toggle>
        </>
      )}
      <Toggle isOn={isWeek} onClick={() => onChoose({ weeks: isWeek ? undefined : 4 })}>
        Hours of the week
      </Toggle>
      <Button aria-pressed={view.isTable} onClick={() => onChoose({ isTable: !view.isTable })}>
        {view.isTable ? (isWeek ? "View as heat maps" : "View as charts") : "View as table"}
      </Button>
    </div>
  );
}

/** A button that stays pressed. */
function Toggle(props: { isOn: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={props.isOn}
      onClick={props.onClick}
      className={`inline-flex min-h-8 items-center rounded-md border px-3 py-1 font-medium whitespace-nowrap pointer-coarse:min-h-10 ${props.isOn ? "border-accent bg-accent-soft text-accent" : "border-line bg-surface shadow-card hover:bg-sunken"}`}
    >
      {props.children}
    </button>
  );
}
