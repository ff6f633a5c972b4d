import { useState } from "react";
import { useBarred } from "../../../auth/session";
import { count } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { useAgentNames } from "../../shared/agent-names";
import type { Filters } from "../filters/filters";
import { type CallRow, rowKey } from "../list/rows";
import { EndCalls } from "./end-calls";
import { allCalls, howMany, type ToEnd, theseCalls } from "./to-end";

interface BulkBarProps {
  filters: Filters;
  rows: readonly CallRow[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
}

const NONE: ReadonlySet<string> = new Set();

/** What can be done to many live calls at once: to those that are selected, and to all that match. */
export function BulkBar({ filters, rows, selected, onSelect }: BulkBarProps) {
  const barred = useBarred("engine");
  const names = useAgentNames();
  const pool = useLive((live) => live.pool);
  const isComplete = useLive((live) => live.isComplete) ?? false;
  const [ending, setEnding] = useState<ToEnd>();
  const live = rows.filter(({ call }) => call.state !== "ended");
  // One that has ended or is no longer shown is not meant any more.
  const chosen = live.filter((row) => selected.has(rowKey(row)));
  const all =
    pool &&
    allCalls(
      filters,
      live.map(({ call }) => call),
      pool,
      { nameOf: (agent) => names.get(agent) ?? agent, isComplete },
    );
  return (
    <section
      aria-label="Bulk actions"
      className="flex min-h-8 flex-wrap items-center gap-2 text-muted"
    >
      <p role="status" className={chosen.length > 0 ? "font-medium text-text" : ""}>
        {chosen.length === 0 ? "No call selected" : `${count(chosen.length)} selected`}
      </p>
      {chosen.length > 0 && (
        <>
          <Button
            kind="danger"
            disabledBecause={barred}
            onClick={() => setEnding(theseCalls(chosen.map(({ call }) => call)))}
          >
            End selected
          </Button>
          <Button kind="quiet" onClick={() => onSelect(NONE)}>
            Clear selection
          </Button>
        </>
      )}
      <span className="ml-auto">
        <Button
          kind="quiet"
          disabledBecause={barred ?? (all === undefined ? CHOOSE_FIRST : undefined)}
          onClick={() => setEnding(all)}
        >
          {all === undefined ? "End all that match" : `End all ${howMany(all)}`}
        </Button>
      </span>
      {ending !== undefined && (
        <EndCalls
          calls={ending}
          onClose={() => setEnding(undefined)}
          onEnded={() => onSelect(NONE)}
        />
      )}
    </section>
  );
}

const CHOOSE_FIRST =
  "Choose an agent, a type, a gate, a wait, Queued or Active, or search: this ends all that match.";
