// Moments as the platform's date fields have them: in the reader's zone, to the minute. Pure.

/** "2026-11-24T14:05" */
export function toField(ms: number): string {
  const at = new Date(ms);
  const date = [at.getFullYear(), pad(at.getMonth() + 1), pad(at.getDate())].join("-");
  return `${date}T${pad(at.getHours())}:${pad(at.getMinutes())}`;
}

/** The moment of a field; undefined when it is not filled in. */
export function fromField(text: string): number | undefined {
  const ms = new Date(text).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}

/** What is wrong with a span; undefined when nothing is. */
export function spanProblem(
  fromMs: number | undefined,
  toMs: number | undefined,
  nowMs: number,
): string | undefined {
  if (fromMs === undefined) return "Say when it begins.";
  if (toMs === undefined) return "Say when it ends.";
  if (fromMs >= toMs) return "It ends before it begins; choose a later end.";
  if (fromMs >= nowMs) return "It lies in the future; choose an earlier beginning.";
  return undefined;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
