import { useMemo } from "react";
import type { LimitStretch } from "../changes/limit-line";
import { headline } from "./headline";
import type { Figures } from "./read-figures";

/** The span in a few figures. */
export function HeadlineFigures(props: { figures: Figures; limits: readonly LimitStretch[] }) {
  const { figures, limits } = props;
  const shown = useMemo(() => headline({ ...figures, limits }), [figures, limits]);
  return (
    <dl className="grid grid-cols-2 overflow-hidden rounded-lg border border-line bg-surface shadow-card sm:grid-cols-3 lg:flex">
      {shown.map(({ label, value, note }) => (
        <div
          key={label}
          className="-mr-px -mb-px flex min-w-0 flex-1 flex-col border-line border-r border-b px-4 py-3"
        >
          <dt className="text-muted">{label}</dt>
          <dd className="font-semibold text-lg whitespace-nowrap">{value}</dd>
          <dd className="text-muted text-xs">{note}</dd>
        </div>
      ))}
    </dl>
  );
}
