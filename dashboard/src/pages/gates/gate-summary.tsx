import { Link } from "wouter";
import { useBarred } from "../../auth/session";
import { count, counted } from "../../format";
import { Button } from "../../ui/control/button";
import { callsOfGate } from "../shared/gate-address";
import { type GateRow, progressOf } from "./gate-rows";
import { Progress } from "./progress";
import { StateBadge } from "./state-badge";
import { usePause } from "./use-pause";

/** How a gate is now. */
export function GateSummary({ gate }: { gate: GateRow }) {
  const barred = useBarred("admin");
  const pause = usePause();
  const progress = progressOf(gate);
  return (
    <section aria-label="Now" className="flex flex-col gap-2 border-line border-b pb-4">
      <div className="flex flex-wrap items-center gap-2">
        <StateBadge row={gate} />
        <span className="ml-auto">
          <Button disabledBecause={barred} onClick={() => pause(gate)}>
            {gate.paused ? "Resume" : "Pause"}
          </Button>
        </span>
      </div>
      {progress !== undefined && <Progress name={gate.name} {...progress} />}
      <p>
        <Link href={callsOfGate(gate.id)} className="text-accent hover:underline">
          {counted((gate.active ?? 0) + (gate.queued ?? 0), "live call")}
        </Link>
        , {count(gate.active ?? 0)} active and {count(gate.queued ?? 0)} waiting.
      </p>
    </section>
  );
}
