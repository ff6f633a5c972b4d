import { useMemo, useState } from "react";
import { useBarred } from "../../../auth/session";
import type { Call, Pool } from "../../../domain";
import { count, counted } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { NO_GATES } from "../../../live/state/gates";
import { WindowedTable } from "../../../ui/table/windowed-table";
import { EndCalls } from "../../calls/bulk/end-calls";
import { callsOfClass } from "../../calls/bulk/to-end";
import { EndCall } from "../../calls/call/end-call";
import { useAgentNames } from "../../shared/agent-names";
import { type ClassGroup, classGroups } from "./class-groups";
import { useQueueHead } from "./use-queue-head";
import { waitingCard } from "./waiting-card";
import { callColumns, classColumns, type Place, type Told } from "./waiting-columns";

const NO_CALLS: readonly Call[] = [];

/** Who waits, why, and for how much longer. */
export function Waiting({ pool }: { pool: Pool }) {
  const queue = useLive((live) => live.queue) ?? NO_CALLS;
  const [isGrouped, setGrouped] = useState(false);
  if (queue.length === 0) return <NobodyWaits />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 pb-3">
        <p className="text-muted">
          {queue.length < pool.queued
            ? `The first ${count(queue.length)} of ${counted(pool.queued, "waiting call")}.`
            : "Within an agent and type, the earliest starts first."}
        </p>
        <Grouping isGrouped={isGrouped} onChange={setGrouped} />
      </div>
      <Calls pool={pool} queue={queue} isGrouped={isGrouped} />
    </>
  );
}

function Grouping(props: { isGrouped: boolean; onChange: (isGrouped: boolean) => void }) {
  const look = (isOn: boolean) =>
    `rounded px-2.5 py-0.5 ${isOn ? "bg-surface font-medium shadow-card" : "text-muted"}`;
  return (
    <fieldset className="flex rounded-md border border-line bg-sunken p-0.5">
      <legend className="sr-only">How waiting calls are shown</legend>
      {[false, true].map((isGrouped) => (
        <button
          key={String(isGrouped)}
          type="button"
          aria-pressed={isGrouped === props.isGrouped}
          onClick={() => props.onChange(isGrouped)}
          className={look(isGrouped === props.isGrouped)}
        >
          {isGrouped ? "By agent and type" : "Each call"}
        </button>
      ))}
    </fieldset>
  );
}

function Calls(props: { pool: Pool; queue: readonly Call[]; isGrouped: boolean }) {
  const { pool, queue, isGrouped } = props;
  const names = useAgentNames();
  const gates = useLive((live) => live.gates) ?? NO_GATES;
  const head = useQueueHead(true);
  const barred = useBarred("engine");
  const [ending, setEnding] = useState<Call>();
  const [endingAll, setEndingAll] = useState<ClassGroup>();
  const told = useMemo(
    () => ({ pool, names, gates, head, barred }),
    [pool, names, gates, head, barred],
  );
  const columns = useMemo(() => callColumns(told, setEnding), [told]);
  const card = useMemo(() => waitingCard(told, setEnding), [told]);
  const places = useMemo(() => queue.map((call, at) => ({ call, position: at + 1 })), [queue]);
  return (
    <>
      {isGrouped ? (
        <Groups queue={queue} told={told} onEndAll={setEndingAll} />
      ) : (
        <WindowedTable
          label="Waiting calls"
          columns={columns}
          rows={places}
          keyOf={idOf}
          rowRem={3}
          card={card}
          isFramed
        />
      )}
      {ending !== undefined && <EndCall call={ending} onClose={() => setEnding(undefined)} />}
      {endingAll !== undefined && (
        <EndCalls
          calls={callsOfClass(endingAll, names.get(endingAll.agent) ?? endingAll.agent)}
          onClose={() => setEndingAll(undefined)}
        />
      )}
    </>
  );
}

function Groups(props: {
  queue: readonly Call[];
  told: Told;
  onEndAll: (group: ClassGroup) => void;
}) {
  const { queue, told, onEndAll } = props;
  const groups = useMemo(() => classGroups(queue), [queue]);
  const columns = useMemo(() => classColumns(told, onEndAll), [told, onEndAll]);
  return (
    <WindowedTable
      label="Waiting calls by agent and type"
      columns={columns}
      rows={groups}
      keyOf={classOf}
      rowRem={3}
      isFramed
    />
  );
}

function idOf({ call }: Place): string {
  return call.id;
}

function classOf({ agent, type }: ClassGroup): string {
  return `${agent} ${type}`;
}

function NobodyWaits() {
  return (
    <div className="flex flex-col items-center gap-2 border-line border-t px-6 py-10 text-center">
      <p className="font-medium">No calls are waiting</p>
      <p className="max-w-prose text-muted">
        A call waits when its agent's reserved slots for its type are busy and no shared slot is
        free, when its agent is at its cap, or when a gate or a pace on its way holds it. It starts
        by itself as soon as it can.
      </p>
    </div>
  );
}
