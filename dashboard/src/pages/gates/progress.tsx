import { count, percent } from "../../format";

/** How far a campaign has come. */
export function Progress({ name, done, total }: { name: string; done: number; total: number }) {
  const share = done / total;
  return (
    <span className="flex min-w-0 flex-col gap-1">
      <span className="whitespace-nowrap">
        {count(done)} of {count(total)} <span className="text-muted">({percent(share)})</span>
      </span>
      <span
        role="progressbar"
        aria-label={`Calls of ${name} that are done`}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        className="block h-1 overflow-hidden rounded bg-shared-idle forced-colors:border"
      >
        <span
          className="block h-full rounded bg-accent forced-colors:bg-[CanvasText]"
          style={{ width: `${100 * share}%` }}
        />
      </span>
    </span>
  );
}
