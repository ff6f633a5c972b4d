// The pauses between tries to reach the server.

const FIRST_MS = 500;
const LONGEST_MS = 8_000;
/** A connection that was live for less is no sign that all is well. */
const STEADY_MS = 10_000;

/** Pauses that double up to 8 s, each shortened at random by up to a half, so that a server that restarts is not asked by all at once. */
export class Backoff {
  private failures = 0;
  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
  }

  nextMs(): number {
    const pause = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.failures);
    this.failures = Math.min(this.failures + 1, 10);
    return Math.round(pause * (1 - this.random() / 2));
  }

  /** A connection was live for so long. */
  wasLive(ms: number): void {
    if (ms >= STEADY_MS) this.failures = 0;
  }
}

/** Waits; ends early when the browser is online again, or by `signal`. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", end);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    globalThis.addEventListener?.("online", end);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}
