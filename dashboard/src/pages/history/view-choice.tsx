import { Button } from "../../ui/control/button";
import { type Choice, Select } from "../../ui/form/select";
import { type By, type Fill, fillOf, type View } from "./url-state";

const BY: readonly Choice<By>[] = [
  { value: "none", label: "not stacked" },
  { value: "agent", label: "by agent" },
  { value: "type", label: "by type" },
];

const FILL: readonly Choice<Fill>[] = [
  { value: "peak", label: "Peak" },
  { value: "mean", label: "Mean" },
];

/** How the figures are shown. */
export function ViewChoice(props: { view: View; onChoose: (change: Partial<View>) => void }) {
  const { view, onChoose } = props;
  return (
    <div className="flex flex-wrap items-end gap-2">
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
      <Button aria-pressed={view.isTable} onClick={() => onChoose({ isTable: !view.isTable })}>
        {view.isTable ? "View as charts" : "View as table"}
      </Button>
    </div>
  );
}
