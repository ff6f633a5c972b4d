import { useMemo, useState } from "react";
import type { Call, Pool } from "../../../domain";
import { count, counted } from "../../../format";
import { useLive, useNow } from "../../../live/live-provider";
import { Empty, Section } from "../../../ui/page";
import { WindowedTable } from "../../../ui/windowed-table";
import { classGroups } from "./class-groups";
import { callColumns, classColumns, type Told } from "./queue-columns";

type View = "classes" | "calls";

const VIEWS = [
  { view: "classes", label: "By agent and type" },
  { view: "calls", label: "Every call" },
] as const;

/** Who waits, and why. */
export function QueueSection({ pool }: { pool: Pool }) {
  const [view, setView] = useState<View>("classes");
  const queue = useLive((live) => live.queue) ?? [];
  if (queue.length === 0) {
    return (
      <Section title="Queue">
        <NoWaitingCalls />
      </Section>
    );
  }
  const isCut = queue.length < pool.queued;
  return (
    <Section
      title="Queue"
      description={
        isCut
          ? `The first ${count(queue.length)} of ${counted(pool.queued, "waiting call")}.`
          : `${counted(queue.length, "call")} waiting. Within an agent and type, the earliest starts first.`
      }
      actions={<Views view={view} onChange={setView} />}
    >
      <Waiting queue={queue} view={view} />
    </Section>
  );
}

function Views(props: { view: string; onChange: (view: View) => void }) {
  return (
    <fieldset className="flex rounded-md border border-line bg-sunken p-0.5">
      <legend className="sr-only">How the queue is shown</legend>
      {VIEWS.map(({ view, label }) => (
        <button
          key={view}
          type="button"
          aria-pressed={view === props.view}
          onClick={() => props.onChange(view)}
          className={`rounded px-2.5 py-0.5 ${view === props.view ? "bg-surface font-medium shadow-card" : "text-muted"}`}
        >
          {label}
        </button>
      ))}
    </fieldset>
  );
}

function Waiting({ queue, view }: { queue: readonly Call[]; view: View }) {
  const nowMs = useNow(1000);
  const names = useLive((live) => new Map(live.pool.agents.map(({ id, name }) => [id, name])));
  const told = useMemo(() => ({ nowMs, names: names ?? new Map() }), [nowMs, names]);
  return view === "classes" ? (
    <Classes queue={queue} told={told} />
  ) : (
    <Calls queue={queue} told={told} />
  );
}

function Classes({ queue, told }: { queue: readonly Call[]; told: Told }) {
  const groups = useMemo(() => classGroups(queue), [queue]);
  const columns = useMemo(() => classColumns(told), [told]);
  return (
    <WindowedTable
      label="Waiting calls by agent and type"
      columns={columns}
      rows={groups}
      keyOf={({ agent, type }) => `${agent} ${type}`}
    />
  );
}

function Calls({ queue, told }: { queue: readonly Call[]; told: Told }) {
  const places = useMemo(() => queue.map((call, at) => ({ call, position: at + 1 })), [queue]);
  const columns = useMemo(() => callColumns(told), [told]);
  return (
    <WindowedTable
      label="Waiting calls"
      columns={columns}
      rows={places}
      keyOf={({ call }) => call.id}
    />
  );
}

function NoWaitingCalls() {
  return (
    <Empty title="No calls are waiting">
      A call waits when its agent's reservation for its type is full and no shared slot is free,
      when the limit is reached, or when its agent is at its cap. It starts automatically as soon as
      it can.
    </Empty>
  );
}
