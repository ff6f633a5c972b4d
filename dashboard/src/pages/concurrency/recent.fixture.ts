// The last hour as the server tells it, for tests.

import type { Recent } from "../../domain";

type Figures = Recent["whole"];

export function figuresOf(some: Partial<Figures>): Figures {
  return { mean_active: 0, peak_active: 0, peak_queued: 0, starts: 0, wait_ms: null, ...some };
}

/** An hour that ends at 00:00:00 of 2026, with these figures in its last minutes. */
export function recentOf(minutes: readonly Partial<Figures>[], rest: Partial<Recent> = {}): Recent {
  const toMs = Date.parse("2026-01-01T00:00:00.000Z");
  const points = minutes.map((figures, at) => ({
    ...figuresOf(figures),
    at: new Date(toMs - (minutes.length - at) * 60_000).toISOString(),
    span_ms: 60_000,
  }));
  return {
    from: new Date(toMs - 3_600_000).toISOString(),
    to: new Date(toMs).toISOString(),
    points,
    whole: figuresOf({}),
    agents: [],
    types: [],
    ...rest,
  };
}
