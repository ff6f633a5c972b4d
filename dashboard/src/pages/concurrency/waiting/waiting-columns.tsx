import { type Call, type Pool, TYPE_NAME } from "../../../domain";
import { count, duration } from "../../../format";
import { useNow } from "../../../live/live-provider";
import type { LiveGates } from "../../../live/state/gates";
import { Button } from "../../../ui/control/button";
import { ABOVE_ROW_LINK, RowLink } from "../../../ui/table/row-link";
import type { WindowedColumn } from "../../../ui/table/table-column";
import { toldByServer } from "../../shared/told-by-server";
import { WhyItWaits } from "../../shared/why-it-waits";
import { about, why, whyWaits } from "../../shared/why-waits";
import { CallLink } from "./call-link";
import type { ClassGroup } from "./class-groups";
import type { QueueHead } from "./use-queue-head";

/** What the columns need to describe waiting calls. */
export interface Told {
  pool: Pool;
  /** The agents' names by their ids. */
  names: ReadonlyMap<string, string>;
  gates: LiveGates;
  head: QueueHead;
  /** Why this person cannot end calls. */
  barred: string | undefined;
}

/** A queued call and its place. */
export interface Place {
  call: Call;
  position: number;
}

/** The columns of the queue call by call. */
export function callColumns(
  told: Told,
  onEnd: (call: Call) => void,
): readonly WindowedColumn<Place>[] {
  const { names, barred } = told;
  return [
    {
      key: "position",
      head: "#",
      width: 3.5,
      isNumber: true,
      cell: ({ position }) => count(position),
    },
    {
      key: "call",
      head: "Call",
      isRowHead: true,
      width: 7,
      percent: 16,
      cell: ({ call }) => <CallLink id={call.id} />,
    },
    {
      key: "agent",
      head: "Agent",
      width: 6,
      isWide: true,
      cell: ({ call }) => <Name of={call.agent} names={names} />,
    },
    { key: "type", head: "Type", width: 6, extra: 1, cell: ({ call }) => TYPE_NAME[call.type] },
    {
      key: "waited",
      head: "Waited",
      width: 6.5,
      isNumber: true,
      cell: ({ call }) => <Since at={call.requested_at} />,
    },
    {
      key: "why",
      head: "Why",
      width: 10,
      percent: 24,
      cell: ({ call }) => <Why call={call} told={told} />,
    },
    {
      key: "starts",
      head: "Starts",
      width: 7.25,
      cell: ({ call }) => <Starts call={call} told={told} />,
    },
    {
      key: "actions",
      head: <span className="sr-only">Actions</span>,
      width: 4.75,
      isNumber: true,
      isFilled: true,
      cell: ({ call }) => (
        <EndButton
          label={`End call ${call.id}`}
          text="End"
          barred={barred}
          onEnd={() => onEnd(call)}
        />
      ),
    },
  ];
}

/** The columns of the queue by agent and type. */
export function classColumns(
  told: Told,
  onEndAll: (group: ClassGroup) => void,
): readonly WindowedColumn<ClassGroup>[] {
  const { names, barred } = told;
  return [
    {
      key: "agent",
      head: "Agent",
      width: 7,
      isWide: true,
      cell: ({ agent, type }) => (
        <RowLink href={`/calls?state=queued&agent=${encodeURIComponent(agent)}&type=${type}`}>
          <Name of={agent} names={names} />
        </RowLink>
      ),
    },
    { key: "type", head: "Type", width: 6, cell: ({ type }) => TYPE_NAME[type] },
    {
      key: "calls",
      head: "Waiting",
      width: 5.5,
      isNumber: true,
      cell: ({ calls }) => count(calls),
    },
    {
      key: "position",
      head: "First is #",
      width: 6,
      extra: 1,
      isNumber: true,
      cell: ({ first }) => count(first.position),
    },
    {
      key: "waited",
      head: "Longest",
      width: 7,
      isNumber: true,
      cell: ({ first }) => <Since at={first.call.requested_at} />,
    },
    {
      key: "why",
      head: "Why",
      width: 10,
      percent: 24,
      isLong: true,
      cell: ({ first }) => <Why call={first.call} told={told} />,
    },
    {
      key: "starts",
      head: "Next starts",
      width: 7.25,
      cell: ({ first }) => <Starts call={first.call} told={told} />,
    },
    {
      key: "actions",
      head: <span className="sr-only">Actions</span>,
      width: 6,
      isNumber: true,
      isFilled: true,
      cell: (group) => (
        <EndButton
          label={`End all ${TYPE_NAME[group.type]} calls of ${names.get(group.agent) ?? group.agent} that wait`}
          text="End all"
          barred={barred}
          onEnd={() => onEndAll(group)}
        />
      ),
    },
  ];
}

export function Name({ of, names }: { of: string; names: ReadonlyMap<string, string> }) {
  const name = names.get(of) ?? of;
  return (
    <bdi className="block truncate" title={name}>
      {name}
    </bdi>
  );
}

export function Since({ at }: { at: string }) {
  return duration(useNow(1000) - Date.parse(at));
}

function Why({ call, told: { pool, gates, head } }: { call: Call; told: Told }) {
  const now = toldByServer(call, head.get(call.id));
  return (
    <span className="block truncate" title={whyWaits(now, pool, gates)}>
      <WhyItWaits why={why(now, pool, gates)} />
    </span>
  );
}

function Starts({ call, told: { head } }: { call: Call; told: Told }) {
  const words = startWords(call, head);
  if (words !== undefined) return words;
  return (
    <span className="text-muted" title="Nothing supports an estimate">
      –
    </span>
  );
}

/** When it starts, as far as that is known: "about 20 s", or at the earliest, "≥ 3 h". */
export function startWords(call: Call, head: QueueHead): string | undefined {
  const read = head.get(call.id);
  if (read === undefined) return undefined;
  if (read.estimated_wait_ms !== null) return about(read.estimated_wait_ms);
  const { retry_in_ms } = toldByServer(call, read);
  return retry_in_ms === null ? undefined : `earliest ${about(retry_in_ms)}`;
}

export function EndButton(props: {
  label: string;
  text: string;
  barred: string | undefined;
  onEnd: () => void;
}) {
  return (
    <span className={ABOVE_ROW_LINK}>
      <Button
        kind="quiet"
        aria-label={props.label}
        disabledBecause={props.barred}
        onClick={props.onEnd}
      >
        {props.text}
      </Button>
    </span>
  );
}
