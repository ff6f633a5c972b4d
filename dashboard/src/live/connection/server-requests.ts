// What the live part asks of the server.

import { orgHeaders } from "../../api/client";
import { ProblemError, unreachable } from "../../api/problem";
import type { Call, Gate, Pool } from "../../domain";
import { type LiveGate, type LiveGates, settingsOf } from "../state/gates";
import { MAX_CALLS } from "../state/live-state";
import { followEvents, type Stream } from "./event-stream";

/** How many calls are asked for at once. */
const PAGE = 1_000;

/** Live calls, each as it was at some moment while they were read; the queued ones first, in ticket order. */
export interface Listed {
  calls: Call[];
  isComplete: boolean;
}

export interface Server {
  readPool(signal: AbortSignal): Promise<Pool>;
  readCalls(signal: AbortSignal): Promise<Listed>;
  readGates(signal: AbortSignal): Promise<LiveGates>;
  follow(stream: Stream, signal: AbortSignal): Promise<void>;
}

/** The server that this page came from. `hearDate` gets the date of each answer. */
export function ownServer(hearDate: (dateMs: number) => void): Server {
  const get = async <T>(path: string, signal: AbortSignal): Promise<T> => {
    const response = await fetch(path, { headers: orgHeaders(), signal }).catch(unreachable);
    const body: unknown = await response.json().catch(() => undefined);
    const date = response.headers.get("date");
    if (date !== null) hearDate(Date.parse(date));
    if (!response.ok) throw ProblemError.of(response, body);
    // A body that broke off.
    if (body === undefined) unreachable();
    return body as T;
  };
  return {
    readPool: (signal) => get<Pool>("/v1/concurrency", signal),
    readCalls: (signal) => readCalls((path) => get<CallPage>(path, signal)),
    readGates: (signal) => readGates((path) => get<GatePage>(path, signal)),
    follow: (stream, signal) => followEvents({ ...stream, onDate: hearDate }, signal),
  };
}

interface CallPage {
  items: Call[];
  next: string | null;
}

interface GatePage {
  items: Gate[];
  next: string | null;
}

/** The gates, each as it was at some moment while they were read. */
async function readGates(read: (path: string) => Promise<GatePage>): Promise<LiveGates> {
  const gates = new Map<string, LiveGate>();
  let cursor = "";
  for (;;) {
    const { items, next } = await read(`/v1/gates?limit=${PAGE}${cursor}`);
    for (const gate of items) gates.set(gate.id, settingsOf(gate));
    if (next === null) return gates;
    cursor = `&cursor=${next}`;
  }
}

type ReadPage = (path: string) => Promise<CallPage>;

/** At least half of what is kept is for the queue, whose head matters most. */
async function readCalls(read: ReadPage): Promise<Listed> {
  const queued = new Listing(read, "queued");
  const active = new Listing(read, "active");
  await queued.readOn(MAX_CALLS / 2);
  await active.readOn(MAX_CALLS - queued.calls.length);
  await queued.readOn(MAX_CALLS - active.calls.length);
  return {
    calls: [...queued.calls, ...active.calls],
    isComplete: queued.isWhole && active.isWhole,
  };
}

/** The calls in one state, as far as they were read. */
class Listing {
  readonly calls: Call[] = [];
  isWhole = false;
  private cursor = "";
  private readonly read: ReadPage;
  private readonly state: Call["state"];

  constructor(read: ReadPage, state: Call["state"]) {
    this.read = read;
    this.state = state;
  }

  async readOn(bound: number): Promise<void> {
    while (!this.isWhole && this.calls.length < bound) {
      const limit = Math.min(PAGE, bound - this.calls.length);
      const page = await this.read(`/v1/calls?state=${this.state}&limit=${limit}${this.cursor}`);
      for (const call of page.items) this.calls.push(call);
      this.isWhole = page.next === null;
      this.cursor = `&cursor=${page.next}`;
    }
  }
}
