import { Link } from "wouter";
import { count } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { type Filters, hrefOf, VIEWS, type View } from "./filters";

const NAME: Record<View, string> = {
  all: "All",
  live: "Live",
  queued: "Queued",
  active: "Active",
  ended: "Ended",
};

/** Which calls are shown, by how far they have come. */
export function ViewTabs({ filters }: { filters: Filters }) {
  const active = useLive((live) => live.pool.active);
  const queued = useLive((live) => live.pool.queued);
  const counts: Record<Exclude<View, "all" | "ended">, number | undefined> = {
    live: active !== undefined && queued !== undefined ? active + queued : undefined,
    queued,
    active,
  };
  return (
    <nav
      aria-label="State of the calls"
      className="flex overflow-x-auto overflow-y-hidden border-line border-b"
    >
      {VIEWS.map((view) => (
        <Link
          key={view}
          href={hrefOf({ ...filters, view })}
          aria-current={view === filters.view ? "page" : undefined}
          className={`flex items-baseline gap-1.5 rounded-t border-b-2 px-2 py-2 sm:px-3 font-medium -outline-offset-2 ${view === filters.view ? "border-accent text-text" : "border-transparent text-muted hover:text-text forced-colors:border-[Canvas]"}`}
        >
          {NAME[view]}
          {view !== "all" && view !== "ended" && (
            <span className="min-w-[2ch] text-muted text-xs">{showCount(counts[view])}</span>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** A space as long as it is not known: never a number that is not so. */
function showCount(value: number | undefined): string {
  return value === undefined ? "" : count(value);
}
