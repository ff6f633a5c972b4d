/** The organisation's events as they happen, over any number of connections without a gap: {@link followEvents}. */
import { CallslotError, ProblemError, UnreachableError } from "./errors.js";
import type {
  AgentChanged,
  CallChanged,
  LimitChanged,
  ReservationsChanged,
  TypeChanged,
} from "./generated/api.js";
import type { Http } from "./http.js";
import { retryDelayMs, sleep } from "./timing.js";

/** A stream on which nothing comes for this long is opened again. The server says something every 15 s. */
const SILENCE_MS = 40_000;

/** Something that happened, with its number (`seq`) in the organisation, which has no gaps. */
export type Event =
  | ({ event: "call.queued" | "call.started" | "call.ended" } & CallChanged)
  | ({ event: "reservations.changed" } & ReservationsChanged)
  | ({ event: "limit.changed" } & LimitChanged)
  | ({ event: "agent.changed" } & AgentChanged)
  | ({ event: "type.changed" } & TypeChanged);

/** Which events to follow, and from where. */
export interface EventOptions {
  /** The `seq` of the last event that is known, or `as_of` of the pool. By default the stream begins with the next event. */
  after?: number;
  /** Only events of these kinds. */
  events?: Event["event"][];
  /** Only events about these agents, and those about the whole organisation. */
  agents?: string[];
  /** Ends the iteration with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Follows events. A lost connection is opened again where it was.
 *
 * @throws {ProblemError} `cursor_expired` or `cursor_ahead`: read the pool again and go on after its `as_of`.
 */
export async function* followEvents(
  http: Http,
  options: EventOptions,
): AsyncGenerator<Event, void, undefined> {
  let after = options.after === undefined ? undefined : String(options.after);
  for (let attempt = 0; ; attempt += 1) {
    if (attempt > 0) await sleep(retryDelayMs(attempt), options.signal);
    try {
      for await (const { id, event, data } of open(http, options, after)) {
        attempt = 0;
        after = id ?? after;
        if (event && data) yield { event, ...JSON.parse(data) } as Event;
      }
    } catch (error) {
      options.signal?.throwIfAborted();
      const mayPass = error instanceof ProblemError && error.isTemporary;
      if (!mayPass && !(error instanceof UnreachableError)) throw error;
      if (error instanceof ProblemError && error.retryInMs)
        await sleep(error.retryInMs, options.signal);
    }
  }
}

interface ServerSent {
  id?: string;
  event?: string;
  data?: string;
}

async function* open(
  http: Http,
  options: EventOptions,
  after: string | undefined,
): AsyncGenerator<ServerSent> {
  const silence = new AbortController();
  const stop = () => silence.abort(new UnreachableError("the event stream fell silent"));
  let timer = setTimeout(stop, SILENCE_MS);
  const signals = [silence.signal, ...(options.signal ? [options.signal] : [])];
  try {
    const response = await http.open({
      method: "GET",
      path: "/v1/events",
      query: { after, types: options.events?.join(), agents: options.agents?.join() },
      headers: { accept: "text/event-stream" },
      signal: AbortSignal.any(signals),
      timeoutMs: Number.POSITIVE_INFINITY,
    });
    if (!response.body) throw new CallslotError("this runtime's fetch has no body");
    const text = new TextDecoder();
    let rest = "";
    const reader = response.body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read().catch((cause) => {
          throw new UnreachableError("the event stream broke", { cause });
        });
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(stop, SILENCE_MS);
        const blocks = (rest + text.decode(value, { stream: true })).split(/\r?\n\r?\n/);
        rest = blocks.pop() ?? "";
        yield* blocks.map(parse);
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  } finally {
    clearTimeout(timer);
  }
}

/** The fields of one block of lines; comments have none. */
function parse(block: string): ServerSent {
  const sent: Record<string, string> = {};
  for (const line of block.split(/\r?\n/)) {
    const [, name, value] = /^(id|event|data): ?(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) continue;
    sent[name] = sent[name] === undefined ? value : `${sent[name]}\n${value}`;
  }
  return sent;
}
