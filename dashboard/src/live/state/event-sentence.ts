// What happened, as a ticker or a timeline shows it.

import {
  type CallType,
  END_REASON_TEXT,
  type Pace,
  type Reservation,
  TYPE_NAME,
} from "../../domain";
import { shortDuration } from "../../format";
import { gateChangeWords, limitWords } from "../../gate-words";
import type { AlertEvent, CallEvent, LiveEvent } from "./events";

/** A piece of a sentence; what it names can be shown in its own way or linked. */
export interface TextPart {
  text: string;
  /** What the text names; undefined: just words. */
  names?: "call" | "agent" | "gate" | "type";
}

export interface Happening {
  seq: number;
  at: string;
  kind: Exclude<LiveEvent["kind"], "unknown">;
  /** A sentence without its full stop. The texts join to it as they are. */
  parts: readonly TextPart[];
  call?: string;
  agent?: string;
  type?: CallType;
}

/** An event as a happening; undefined when there is nothing to say of it. */
export function happening(event: LiveEvent): Happening | undefined {
  switch (event.kind) {
    case "call.queued":
    case "call.started":
    case "call.ended":
      return ofCall(event);
    case "reservations.changed":
      return { ...head(event), parts: reserved(event.reservations) };
    case "limit.changed":
      return { ...head(event), parts: [{ text: `limit is ${event.limit}, plan ${event.plan}` }] };
    case "agent.changed": {
      const agent: TextPart = { text: event.id, names: "agent" };
      return { ...head(event), agent: event.id, parts: [agent, { text: ofAgent(event.agent) }] };
    }
    case "type.changed": {
      const type: TextPart = { text: TYPE_NAME[event.type], names: "type" };
      return {
        ...head(event),
        type: event.type,
        parts: [type, { text: ` has ${limitWords(event)}` }],
      };
    }
    case "gate.changed": {
      const gate: TextPart = { text: event.id, names: "gate" };
      return { ...head(event), parts: [gate, { text: ` ${gateChangeWords(event)}` }] };
    }
    case "alert.changed":
    case "alert.opened":
    case "alert.closed":
      return { ...head(event), parts: [{ text: `alert ${event.id} ${ofAlert(event)}` }] };
    case "unknown":
      return undefined;
  }
}

function head<K extends Happening["kind"]>(event: { seq: number; at: string; kind: K }) {
  return { seq: event.seq, at: event.at, kind: event.kind };
}

function ofCall(event: CallEvent): Happening {
  const { id, agent, type } = event.call;
  const parts: TextPart[] = [
    { text: id, names: "call" },
    { text: " " },
    { text: agent, names: "agent" },
    { text: " " },
    { text: TYPE_NAME[type], names: "type" },
    { text: ` ${outcome(event)}` },
  ];
  return { ...head(event), call: id, agent, type, parts };
}

function outcome({ kind, at, call }: CallEvent): string {
  const since = (begun: string) => shortDuration(Math.max(0, Date.parse(at) - Date.parse(begun)));
  switch (kind) {
    case "call.queued":
      return call.requested_at === at ? "queued" : "back in the queue, not claimed";
    case "call.started":
      return `started on a ${call.slot ?? "free"} slot after ${since(call.requested_at)}`;
    case "call.ended": {
      const why = call.reason === null ? "ended" : END_REASON_TEXT[call.reason];
      return `${why} after ${since(call.started_at ?? call.requested_at)}`;
    }
  }
}

function reserved(reservations: readonly Reservation[]): TextPart[] {
  return reservations.flatMap((of, index) => {
    const { webcall = 0, chat = 0, outbound = 0, inbound = 0 } = of;
    const total = webcall + chat + outbound + inbound;
    const shares = `${webcall}, ${chat}, ${outbound}, ${inbound}`;
    const words = total === 0 ? " reserves nothing" : ` reserves ${total} (${shares})`;
    const between: TextPart[] = index === 0 ? [] : [{ text: "; " }];
    return [...between, { text: of.agent, names: "agent" }, { text: words }];
  });
}

function ofAlert(event: AlertEvent): string {
  switch (event.kind) {
    case "alert.changed":
      return event.rule === null ? "deleted" : "set";
    case "alert.opened":
      return `opened at ${event.figure}`;
    case "alert.closed":
      return event.closed_figure === null ? "closed" : `closed at ${event.closed_figure}`;
  }
}

function ofAgent(agent: { name: string; cap: number | null; pace: Pace | null } | null): string {
  return agent === null ? " deleted" : ` is ${agent.name}, ${limitWords(agent)}`;
}
