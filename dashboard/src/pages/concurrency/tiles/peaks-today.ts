// The most calls at once since some moment. Pure.

export interface Peaks {
  active: number;
  queued: number;
}

interface Point {
  at: string;
  peak_active: number;
  peak_queued: number;
}

/** The peaks of the points that begin at this moment or later. */
export function peaksSince(fromMs: number, points: readonly Point[]): Peaks {
  return highestOf(
    points
      .filter(({ at }) => Date.parse(at) >= fromMs)
      .map(({ peak_active, peak_queued }) => ({ active: peak_active, queued: peak_queued })),
  );
}

export function highestOf(all: readonly Peaks[]): Peaks {
  return {
    active: all.reduce((most, { active }) => Math.max(most, active), 0),
    queued: all.reduce((most, { queued }) => Math.max(most, queued), 0),
  };
}
