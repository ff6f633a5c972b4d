import { describe, expect, it } from "vitest";
import type { Call } from "../../domain";
import { type Point, type Recording, randomOf, recordings } from "../recordings/recordings";
import type { LiveEvent } from "../state/events";
import { apply, begin, type LiveState } from "../state/live-state";
import { EventWindow, settled } from "./full-read";

// live-state.test.ts proves that the states between a recording's points are the server's; here the lists are read from them.

describe.each(recordings())("lists read during the recording of $name", (recording) => {
  const world = worldOf(recording);

  it("become the state as of the pool's reading, whenever each page was read", () => {
    const random = randomOf(5);
    let unknown = 0;
    for (let round = 0; round < 400; round++) {
      const [first, ...moments] = momentsOf(world, random);
      const last = moments.at(-1) as number;
      const listed = { calls: listedAt(world, moments, random), isComplete: true };
      const window = world.events.slice(first, last);
      const calls = settled(listed, window);
      if (calls === undefined) unknown += 1;
      else expectSame(begin(world.stateAt(last).pool, calls, true), world.stateAt(last));
    }
    // Only where calls of one millisecond come back to the queue unseen.
    expect(unknown).toBeLessThan(recording.name === "changes" ? 1 : 100);
  });
});

describe("a window of events", () => {
  const event = (seq: number): LiveEvent => ({ kind: "unknown", seq });

  it("tells when the awaited event has come", async () => {
    const window = new EventWindow(4);
    await expect(window.reaches(4, 0)).resolves.toBe(true);
    const reached = window.reaches(6, 60_000);
    window.take([event(5)]);
    window.take([event(6), event(7)]);
    await expect(reached).resolves.toBe(true);
    expect(window.upTo(6)).toEqual([event(5), event(6)]);
    expect(window.since(6)).toEqual([event(7)]);
  });

  it("tells when it does not come in time", async () => {
    await expect(new EventWindow(4).reaches(5, 1)).resolves.toBe(false);
  });
});

/** A recording as a server that can be asked at every moment; moment n is after its nth event. */
interface World {
  events: LiveEvent[];
  stateAt: (moment: number) => LiveState;
  /** Calls in the order in which they were first heard of: that of their tickets. */
  ticketOf: Map<string, number>;
}

function worldOf({ points, events: all }: Recording): World {
  const { pool, queued, active } = points[0] as Point;
  const events = all.filter(({ seq }) => seq > pool.as_of);
  const states = [begin(pool, [...queued, ...active], true)];
  for (const event of events) states.push(apply(states.at(-1) as LiveState, [event]));
  const ticketOf = new Map<string, number>();
  for (const event of events) {
    if ("call" in event && !ticketOf.has(event.call.id)) ticketOf.set(event.call.id, event.seq);
  }
  return { events, stateAt: (moment) => states[moment] as LiveState, ticketOf };
}

/** When the reading begins, when each of its pages is read, and when its pool is. */
function momentsOf({ events }: World, random: () => number): number[] {
  const begun = Math.floor(random() * events.length);
  const spread = Math.min(events.length - begun, 1 + Math.floor(random() * 40));
  const moment = () => begun + Math.floor(random() * (spread + 1));
  return [begun, moment(), moment(), moment(), moment(), moment()].sort((a, b) => a - b);
}

/** Two pages of queued and two of active calls, each as of a moment of its own. */
function listedAt(world: World, moments: number[], random: () => number): Call[] {
  const [a = 0, b = 0, c = 0, d = 0] = moments.map(world.stateAt).map((state) => state);
  const ticket = ({ id }: Call) => world.ticketOf.get(id) ?? 0;
  if (a === 0 || b === 0 || c === 0 || d === 0) return [];
  const size = 1 + Math.floor(random() * 6);
  const head = a.queue.slice(0, size);
  const cursor = head.length < size ? Number.POSITIVE_INFINITY : ticket(head.at(-1) as Call);
  const rest = b.queue.filter((call) => ticket(call) > cursor);
  // Active calls are listed by place, which a call keeps: here, by its ticket.
  const middle = Math.floor(random() * world.events.length);
  const low = [...c.active.values()].filter((call) => ticket(call) <= middle);
  const high = [...d.active.values()].filter((call) => ticket(call) > middle);
  return [...head, ...rest, ...low, ...high];
}

function expectSame(state: LiveState, expected: LiveState): void {
  expect(state.isInDoubt).toBe(false);
  expect(state.queue).toEqual(expected.queue);
  expect([...state.active.keys()].sort()).toEqual([...expected.active.keys()].sort());
}
