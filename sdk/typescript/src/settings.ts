/** Settings and reads of an organisation, by typed methods over HTTP: {@link Settings}. Each needs the role that it names. */
import type {
  Agent,
  AgentPut,
  Call,
  CallState,
  CallsEnd,
  CallType,
  EndReason,
  Gate,
  GatePut,
  Pool,
  Reservation,
  ReservationsPreview,
  TypePut,
  TypeSettings,
} from "./generated/api.js";
import type { Http } from "./http.js";

/** Which calls to list. Times are RFC 3339. */
export interface CallFilter {
  state?: CallState;
  agent?: string;
  type?: CallType;
  reason?: EndReason;
  id_prefix?: string;
}

interface Page<T> {
  items: T[];
  next: string | null;
}

export class Settings {
  readonly #http: Http;

  /** @internal */
  constructor(http: Http) {
    this.#http = http;
  }

  /** The pool now: the limit, the shared slots, and every agent with its reservations and calls (`viewer`). */
  pool(): Promise<Pool> {
    return this.#http.request({ method: "GET", path: "/v1/concurrency" });
  }

  /** All agents, page by page (`viewer`). */
  agents(): AsyncGenerator<Agent, void, undefined> {
    return this.#pages("/v1/agents", {});
  }

  /** One agent (`viewer`); `unknown_agent` if there is none. */
  agent(id: string): Promise<Agent> {
    return this.#http.request({ method: "GET", path: `/v1/agents/${encodeURIComponent(id)}` });
  }

  /** Creates or replaces an agent (`admin`). */
  putAgent(id: string, body: AgentPut): Promise<Agent> {
    return this.#http.request({
      method: "PUT",
      path: `/v1/agents/${encodeURIComponent(id)}`,
      body,
    });
  }

  /** Deletes an agent without calls and reservations (`admin`). */
  async deleteAgent(id: string): Promise<void> {
    await this.#http.request({ method: "DELETE", path: `/v1/agents/${encodeURIComponent(id)}` });
  }

  /**
   * Replaces the reservations of the agents named, all or nothing; a type that is not named gets 0 (`admin`).
   * With `ifVersion`, the `version` of a pool, only if nobody has changed them since (`version_mismatch`).
   */
  putReservations(
    reservations: Reservation[],
    options: { ifVersion?: number } = {},
  ): Promise<Pool> {
    const { ifVersion } = options;
    const headers = ifVersion === undefined ? {} : { "if-match": `"${ifVersion}"` };
    return this.#http.request({
      method: "PUT",
      path: "/v1/reservations",
      body: { reservations },
      headers,
    });
  }

  /** What saving these reservations would lead to at once; nothing changes (`viewer`). */
  previewReservations(reservations: Reservation[]): Promise<ReservationsPreview> {
    const path = "/v1/reservations/preview";
    return this.#http.request({ method: "POST", path, body: { reservations } });
  }

  /** Removes an agent's reservations (`admin`). */
  async deleteReservations(agent: string): Promise<void> {
    const path = `/v1/reservations/${encodeURIComponent(agent)}`;
    await this.#http.request({ method: "DELETE", path });
  }

  /** How many calls of a type may be active at once, over all agents (`viewer`). */
  callType(type: CallType): Promise<TypeSettings> {
    return this.#http.request({ method: "GET", path: `/v1/types/${type}` });
  }

  /** Sets or removes that cap (`admin`). */
  putCallType(type: CallType, body: TypePut): Promise<TypeSettings> {
    return this.#http.request({ method: "PUT", path: `/v1/types/${type}`, body });
  }

  /** All gates, page by page (`viewer`). */
  gates(): AsyncGenerator<Gate, void, undefined> {
    return this.#pages("/v1/gates", {});
  }

  /** One gate, with its calls (`viewer`); `unknown_gate` if there is none. */
  gate(id: string): Promise<Gate> {
    return this.#http.request({ method: "GET", path: `/v1/gates/${encodeURIComponent(id)}` });
  }

  /** Creates or replaces a gate: its cap, pace and hours, and whether it is paused (`admin`). */
  putGate(id: string, body: GatePut): Promise<Gate> {
    const path = `/v1/gates/${encodeURIComponent(id)}`;
    return this.#http.request({ method: "PUT", path, body });
  }

  /** Deletes a gate without live calls (`admin`); otherwise `gate_in_use`. */
  async deleteGate(id: string): Promise<void> {
    await this.#http.request({ method: "DELETE", path: `/v1/gates/${encodeURIComponent(id)}` });
  }

  /** Calls, page by page: ended ones newest first (`viewer`). */
  calls(filter: CallFilter = {}): AsyncGenerator<Call, void, undefined> {
    return this.#pages("/v1/calls", { ...filter });
  }

  /** One call, live or ended within the time that calls are kept (`viewer`). */
  call(id: string): Promise<Call> {
    return this.#http.request({ method: "GET", path: `/v1/calls/${encodeURIComponent(id)}` });
  }

  /** Ends all live calls that match all that is given (`engine`); how many there were. */
  async endCalls(match: CallsEnd): Promise<number> {
    const { ended } = await this.#http.request<{ ended: number }>({
      method: "POST",
      path: "/v1/calls/end",
      body: match,
      timeoutMs: 120_000,
    });
    return ended;
  }

  async *#pages<T>(
    path: string,
    query: Record<string, string | undefined>,
  ): AsyncGenerator<T, void, undefined> {
    let cursor: string | undefined;
    do {
      const page: Page<T> = await this.#http.request({
        method: "GET",
        path,
        query: { ...query, limit: 1000, cursor },
      });
      yield* page.items;
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
  }
}
