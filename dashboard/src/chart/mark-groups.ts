// Marks of a chart that would lie on one another, put together. Pure.

export interface Mark {
  atMs: number;
  text: string;
}

/** The marks in a range, in order; those nearer than a distance to the first of a group belong to it. */
export function groupMarks<M extends Mark>(
  marks: readonly M[],
  range: { fromMs: number; toMs: number },
  distanceMs: number,
): M[][] {
  const within = marks.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs);
  within.sort((a, b) => a.atMs - b.atMs);
  const groups: M[][] = [];
  for (const mark of within) {
    const last = groups.at(-1);
    const first = last?.[0];
    if (last !== undefined && first !== undefined && mark.atMs - first.atMs < distanceMs) {
      last.push(mark);
    } else groups.push([mark]);
  }
  return groups;
}
