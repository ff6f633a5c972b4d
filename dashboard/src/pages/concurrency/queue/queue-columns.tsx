import { BLOCKED_ON_TEXT, type Call, TYPE_NAME } from "../../../domain";
import { count, duration } from "../../../format";
import type { WindowedColumn } from "../../../ui/windowed-table";
import type { ClassGroup } from "./class-groups";

/** What the columns need to describe waiting calls. */
export interface Told {
  nowMs: number;
  /** The agents' names by their ids. */
  names: ReadonlyMap<string, string>;
}

/** A queued call and its place. */
interface Place {
  call: Call;
  position: number;
}

/** The columns of the queue by agent and type. */
export function classColumns({ nowMs, names }: Told): readonly WindowedColumn<ClassGroup>[] {
  return [
    {
      key: "agent",
      head: "Agent",
      width: 11,
      isWide: true,
      cell: ({ agent }) => <Name of={agent} names={names} />,
    },
    { key: "type", head: "Type", width: 7, cell: ({ type }) => TYPE_NAME[type] },
    {
      key: "calls",
      head: "Waiting",
      width: 6,
      isNumber: true,
      cell: ({ calls }) => count(calls),
    },
    {
      key: "position",
      head: "First position",
      width: 8,
      isNumber: true,
      cell: ({ firstPosition }) => count(firstPosition),
    },
    {
      key: "wait",
      head: "Longest wait",
      width: 8,
      isNumber: true,
      cell: ({ oldestRequestedAt }) => waited(oldestRequestedAt, nowMs),
    },
    { key: "why", head: "Why", width: 11, cell: ({ blockedOn }) => whyOf(blockedOn) },
  ];
}

/** The columns of the queue call by call. */
export function callColumns({ nowMs, names }: Told): readonly WindowedColumn<Place>[] {
  return [
    {
      key: "position",
      head: "Position",
      width: 6,
      isNumber: true,
      cell: ({ position }) => count(position),
    },
    {
      key: "call",
      head: "Call",
      width: 11,
      isWide: true,
      cell: ({ call }) => (
        <span className="font-mono" title={call.id}>
          {call.id}
        </span>
      ),
    },
    {
      key: "agent",
      head: "Agent",
      width: 12,
      cell: ({ call }) => <Name of={call.agent} names={names} />,
    },
    { key: "type", head: "Type", width: 7, cell: ({ call }) => TYPE_NAME[call.type] },
    {
      key: "wait",
      head: "Wait",
      width: 8,
      isNumber: true,
      cell: ({ call }) => waited(call.requested_at, nowMs),
    },
    { key: "why", head: "Why", width: 11, cell: ({ call }) => whyOf(call.blocked_on) },
  ];
}

function Name({ of, names }: { of: string; names: ReadonlyMap<string, string> }) {
  const name = names.get(of) ?? of;
  return <span title={name}>{name}</span>;
}

function waited(since: string, nowMs: number): string {
  return duration(nowMs - Date.parse(since));
}

function whyOf(blockedOn: Call["blocked_on"]): string {
  return blockedOn === null ? "" : BLOCKED_ON_TEXT[blockedOn];
}
