import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Call } from "../../../domain";
import { moment, shortDuration } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { CopyIcon } from "../../../ui/control/copy-icon";
import { AgentLabel } from "../../../ui/text/agent-label";
import { useAgentNames } from "../../shared/agent-names";
import { gateHref } from "../../shared/gate-address";
import { hrefOf, NO_FILTERS } from "../filters/filters";
import { lastedMs, waitedMs } from "../list/call-times";

/** What else is known of a call. */
export function CallFacts({ call }: { call: Call }) {
  const name = useAgentNames().get(call.agent);
  return (
    <section aria-label="Facts">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
        <Fact name="Agent">
          <Link
            href={hrefOf({ ...NO_FILTERS, agent: call.agent })}
            className="text-accent hover:underline"
          >
            <AgentLabel id={call.agent} name={name ?? call.agent} />
          </Link>
          {name !== undefined && name !== call.agent && (
            <span className="text-muted"> {call.agent}</span>
          )}
        </Fact>
        {call.gates.length > 0 && (
          <Fact name={call.gates.length === 1 ? "Gate" : "Gates"}>
            <Gates ids={call.gates} />
          </Fact>
        )}
        <Fact name="Requested">{moment(call.requested_at)}</Fact>
        {call.started_at !== null && <Fact name="Started">{moment(call.started_at)}</Fact>}
        {call.state !== "queued" && <Fact name="Waited">{shortDuration(waitedMs(call, 0))}</Fact>}
        {call.ended_at !== null && <Fact name="Ended">{moment(call.ended_at)}</Fact>}
        {call.ended_at !== null && call.started_at !== null && (
          <Fact name="Duration">{shortDuration(lastedMs(call, 0) ?? 0)}</Fact>
        )}
        {call.note !== null && <Fact name="Note">{call.note}</Fact>}
        <Fact name="Lease">
          {call.lease === null ? (
            <span className="text-muted">none: limited by the maximum duration</span>
          ) : (
            <span className="flex items-center gap-1">
              <code className="min-w-0 break-all">{call.lease}</code>
              <CopyIcon text={call.lease} what="lease id" />
            </span>
          )}
        </Fact>
      </dl>
    </section>
  );
}

function Gates({ ids }: { ids: readonly string[] }) {
  const gates = useLive((live) => live.gates);
  return (
    <ul>
      {ids.map((id) => (
        <li key={id}>
          <Link href={gateHref(id)} className="text-accent hover:underline">
            <bdi>{gates?.get(id)?.name ?? id}</bdi>
          </Link>
        </li>
      ))}
    </ul>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
