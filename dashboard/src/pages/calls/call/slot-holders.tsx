import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, bodyOf } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useSignedIn } from "../../../auth/session";
import type { Call } from "../../../domain";
import { clock, count } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { ProblemNote } from "../../../ui/message/problem-note";
import { AgentLabel } from "../../../ui/text/agent-label";
import { useAgentNames } from "../../shared/agent-names";
import { hrefOf, NO_FILTERS } from "../filters/filters";
import { type Holder, holdersNow, holdersThen, minuteOfLeaving } from "./holders";

type HistoryAnswer = components["schemas"]["History"];

/** How many agents are named; the others are counted. */
const MOST = 8;
const MINUTE_MS = 60_000;

/** Who holds the slots that a call waits for, or held them when its wait was over. */
export function SlotHolders({ call }: { call: Call }) {
  if (call.state === "queued") return <Now />;
  const minute = minuteOfLeaving(call);
  return minute === undefined ? null : <Then {...minute} isServed={call.started_at !== null} />;
}

function Now() {
  const pool = useLive((live) => live.pool);
  if (pool === undefined) return null;
  return (
    <Holders
      title="Who holds the slots now"
      note={`${count(pool.active)} of ${count(pool.limit)} slots are in use.`}
      holders={holdersNow(pool)}
      isNow
    />
  );
}

function Then({ from, to, isServed }: { from: string; to: string; isServed: boolean }) {
  const { org } = useSignedIn();
  const history = useQuery({
    queryKey: ["calls", org, "holders", from],
    queryFn: async ({ signal }) => {
      const query = { from, to, step_s: 60, by: "agent" } as const;
      const read = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
      // Texts are for those who ask for CSV.
      return read as HistoryAnswer;
    },
    staleTime: MINUTE_MS,
  });
  if (history.error !== null) return <ProblemNote error={history.error} />;
  if (history.data === undefined) return null;
  // Where figures are kept only by the hour, the minute is a whole hour.
  const point = history.data.series[0]?.points[0];
  const begin = point?.at ?? from;
  const ms = point?.span_ms ?? MINUTE_MS;
  const [first, last] = [begin, Date.parse(begin) + ms].map((at) => clock(at).slice(0, 5));
  const when = ms <= MINUTE_MS ? `in the minute of ${first}` : `from ${first} to ${last}`;
  return (
    <Holders
      title={`Who held the slots when it ${isServed ? "started" : "left the queue"}`}
      note={`The most slots that each agent held at once ${when}; not all of them at the same moment.`}
      holders={holdersThen(history.data)}
      isNow={false}
    />
  );
}

interface HoldersProps {
  title: string;
  note: string;
  holders: readonly Holder[];
  /** Then their calls can be looked at. */
  isNow: boolean;
}

function Holders({ title, note, holders, isNow }: HoldersProps) {
  const names = useAgentNames();
  const others = holders.slice(MOST);
  const slotsOfOthers = others.reduce((sum, { slots }) => sum + slots, 0);
  const most = holders[0]?.slots ?? 1;
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      <p className="text-muted">{note}</p>
      {holders.length === 0 ? (
        <p>No agent {isNow ? "has" : "had"} an active call.</p>
      ) : (
        <ul className="flex flex-col gap-1">
          {holders.slice(0, MOST).map(({ agent, slots }) => (
            <li
              key={agent}
              className="grid grid-cols-[minmax(0,3fr)_minmax(0,2fr)_auto] items-center gap-3"
            >
              {isNow ? (
                <Link
                  href={hrefOf({ ...NO_FILTERS, view: "active", agent })}
                  className="min-w-0 text-accent hover:underline"
                >
                  <AgentLabel id={agent} name={names.get(agent) ?? agent} />
                </Link>
              ) : (
                <AgentLabel id={agent} name={names.get(agent) ?? agent} />
              )}
              <span
                aria-hidden="true"
                className="h-1 rounded bg-shared forced-colors:bg-[CanvasText]"
                style={{ width: `${(100 * slots) / most}%` }}
              />
              <span className="min-w-[3ch] text-right">{count(slots)}</span>
            </li>
          ))}
          {others.length > 0 && (
            <li className="text-muted">
              {count(others.length)} more agents, {count(slotsOfOthers)} slots
            </li>
          )}
        </ul>
      )}
    </section>
  );
}
