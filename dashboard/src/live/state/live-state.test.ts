import { describe, expect, it } from "vitest";
import { type Point, type Recording, randomOf, recordings } from "../recordings/recordings";
import type { LiveEvent } from "./events";
import { apply, begin, type LiveState, MAX_CALLS, oldestRequestedAt } from "./live-state";

const all = recordings();

describe.each(all)("the recording of $name", (recording) => {
  it("is followed exactly from its first point to every other", () => {
    const [first, ...later] = recording.points;
    for (const point of later) {
      const state = apply(begunAt(first), between(recording, first, point));
      expect(state.isInDoubt).toBe(false);
      expectSame(state, point);
    }
  });

  it("is followed exactly from every point, or the state says that it is in doubt", () => {
    let doubts = 0;
    forEachPair(recording, (from, to) => {
      const state = apply(begunAt(from), between(recording, from, to));
      if (state.isInDoubt) doubts += 1;
      else expectSame(state, to);
    });
    // Calls of one millisecond that were active when first read, and come back to the queue.
    if (recording.name === "changes") expect(doubts).toBe(0);
  });

  it("comes to the same in whatever batches it is cut, and when events are repeated", () => {
    const random = randomOf(11);
    const to = recording.points.at(-1) as Point;
    for (const from of recording.points) {
      const events = between(recording, from, to);
      const whole = apply(begunAt(from), events);
      let state = begunAt(from);
      for (let next = 0; next < events.length; ) {
        const size = 1 + Math.floor(random() * 9);
        const again = Math.max(0, next - Math.floor(random() * 20));
        state = apply(state, events.slice(again, next + size));
        next += size;
      }
      expect(shown(state)).toEqual(shown(whole));
    }
  });

  it("leaves the state before each batch as it was", () => {
    const [from] = recording.points;
    const state = freeze(begunAt(from));
    const before = JSON.stringify(shown(state));
    apply(state, recording.events);
    expect(JSON.stringify(shown(state))).toBe(before);
  });
});

describe("doubt", () => {
  const recording = all[0] as Recording;
  const [first] = recording.points;

  it("arises from a missing event", () => {
    const state = begunAt(first);
    const added = { id: "z", agent: { id: "z", name: "Z", cap: null, pace: null }, at: "" };
    const event = (seq: number): LiveEvent => ({ kind: "agent.changed", seq, ...added });
    expect(apply(state, [event(state.asOf + 1)]).isInDoubt).toBe(false);
    expect(apply(state, [event(state.asOf + 2)]).isInDoubt).toBe(true);
  });

  it("arises from calls that a reading lacks", () => {
    const point = recording.points[4] as Point;
    const { pool, queued, active } = point;
    expect(begin(pool, [...queued.slice(1), ...active], true).isInDoubt).toBe(true);
  });

  it("arises from an event that this page does not know", () => {
    const state = apply(begunAt(first), [{ kind: "unknown", seq: begunAt(first).asOf + 1 }]);
    expect(state.isInDoubt).toBe(true);
  });
});

describe("the live state", () => {
  const recording = all[0] as Recording;

  it("keeps what did not change, so that it is not drawn again", () => {
    const point = recording.points[3] as Point;
    const before = begunAt(point);
    const [agent] = before.pool.agents;
    const id = agent?.id ?? "";
    const renamed = { id, name: "Renamed", cap: agent?.cap ?? null, pace: null };
    const at = "2026-01-01T00:00:00.000Z";
    const event = { kind: "agent.changed", seq: before.asOf + 1, at, id, agent: renamed } as const;
    const after = apply(before, [event]);
    expect(after.pool.agents[0]?.name).toBe("Renamed");
    expect(
      after.pool.agents.slice(1).map((other, i) => other === before.pool.agents[i + 1]),
    ).toEqual(before.pool.agents.slice(1).map(() => true));
    expect(after.queue[0]).toBe(before.queue[0]);
    expect(apply(after, [event])).toBe(after);
  });

  it("remembers the last happenings, newest first, in words", () => {
    const state = apply(begunAt(recording.points[0] as Point), recording.events);
    const seqs = state.happenings.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
    expect(seqs[0]).toBe(state.asOf);
    expect(seqs.length).toBeLessThanOrEqual(200);
    const texts = state.happenings.map(({ parts }) => parts.map(({ text }) => text).join(""));
    expect(texts.filter((text) => /undefined|NaN|null/.test(text))).toEqual([]);
    expect(texts).toContainEqual(
      expect.stringMatching(/^c\d+ \w+ \w+ started on a \w+ slot after /),
    );
  });

  it("says since when the first call waits", () => {
    const point = recording.points.find(({ queued }) => queued.length > 0) as Point;
    expect(oldestRequestedAt(begunAt(point))).toBe(point.queued[0]?.requested_at);
    expect(begunAt(point).pool.oldest_wait_ms).toBeNull();
  });

  it("gives up counting when there are more calls than are kept", () => {
    const full = stateOf(MAX_CALLS);
    const state = apply(full, [queuedEvent(full.asOf + 1)]);
    expect(state.isComplete).toBe(false);
    expect(state.queue).toHaveLength(MAX_CALLS);
    expect(state.queue.at(-1)?.id).toBe(full.queue.at(-1)?.id);
    const later = apply(state, [queuedEvent(state.asOf + 1)]);
    expect(later.pool).toBe(state.pool);
    expect(later.queue).toHaveLength(MAX_CALLS);
    expect(later.isInDoubt).toBe(false);
  });

  it("takes 50 events with 10,000 queued calls within a few milliseconds", () => {
    let state = stateOf(10_000);
    const begunMs = performance.now();
    for (let batch = 0; batch < 20; batch++) {
      const events = Array.from({ length: 50 }, (_, index) => queuedEvent(state.asOf + 1 + index));
      state = apply(state, events);
    }
    expect(state.pool.queued).toBe(11_000);
    // 4 ms here; five seconds of events in far less than one.
    expect(performance.now() - begunMs).toBeLessThan(1_000);
  });
});

function begunAt(point: Point | undefined): LiveState {
  if (point === undefined) throw new Error("a recording has points");
  return begin(point.pool, [...point.queued, ...point.active], true);
}

function between({ events }: Recording, from: Point | undefined, to: Point): LiveEvent[] {
  const after = from?.pool.as_of ?? 0;
  return events.filter(({ seq }) => seq > after && seq <= to.pool.as_of);
}

function forEachPair({ points }: Recording, check: (from: Point, to: Point) => void): void {
  points.forEach((from, index) => {
    for (const to of points.slice(index + 1)) check(from, to);
  });
}

/** What pages see of the state. */
function shown({ pool, asOf, queue, active, happenings }: LiveState) {
  return { pool, asOf, queue, active: [...active.keys()].sort(), happenings };
}

function expectSame(state: LiveState, { pool, queued, active }: Point): void {
  expect(state.pool).toEqual({ ...pool, oldest_wait_ms: null });
  expect(state.asOf).toBe(pool.as_of);
  const line = (calls: LiveState["queue"]) =>
    calls.map(({ id, blocked_on, blocked_by }) => [id, blocked_on, blocked_by]);
  expect(line(state.queue)).toEqual(line(queued));
  expect([...state.active.keys()].sort()).toEqual(active.map(({ id }) => id).sort());
}

function freeze(state: LiveState): LiveState {
  const deep = (value: unknown): void => {
    if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
    Object.freeze(value);
    for (const inner of value instanceof Map ? value.values() : Object.values(value)) deep(inner);
  };
  deep(state);
  return state;
}

/** A state with that many calls waiting for one agent. */
function stateOf(count: number): LiveState {
  const point = all[0]?.points.find(({ queued }) => queued.length > 0) as Point;
  const queued = Array.from({ length: count }, (_, index) => callOf(`n${index}`, point));
  const agent = point.pool.agents[0] as Point["pool"]["agents"][number];
  const use = { reserved: 0, active: 0, reserved_in_use: 0, shared_in_use: 0, queued: 0 };
  const types = { webcall: use, chat: { ...use, queued: count }, outbound: use, inbound: use };
  const agents = [{ ...agent, reserved: 0, active: 0, queued: count, types }];
  return begin({ ...point.pool, agents, queued: count, active: 0, reserved: 0 }, queued, true);
}

function callOf(id: string, { pool, queued }: Point): LiveState["queue"][number] {
  const [call] = queued;
  if (call === undefined) throw new Error("a call waits there");
  return { ...call, id, agent: pool.agents[0]?.id ?? "", type: "chat" };
}

function queuedEvent(seq: number): LiveEvent {
  const point = all[0]?.points.find(({ queued }) => queued.length > 0) as Point;
  const at = "2100-01-01T00:00:00.000Z";
  const call = { ...callOf(`e${seq}`, point), requested_at: at };
  return { kind: "call.queued", seq, at, call };
}
