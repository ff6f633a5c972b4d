/** Time that only goes forward, waiting, and how long to wait before the next attempt. */

/** Milliseconds since some moment, never going back. */
export const nowMs = (): number => performance.now();

const abortListeners = new WeakMap<AbortSignal, Set<() => void>>();

/** Has this run once the signal is aborted, until what it returns is called. A signal gets one listener for all: Node warns of many. */
function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let all = abortListeners.get(signal);
  if (!all) {
    const made = new Set<() => void>();
    signal.addEventListener("abort", () => [...made].forEach((each) => void each()), {
      once: true,
    });
    abortListeners.set(signal, made);
    all = made;
  }
  all.add(listener);
  return () => void all.delete(listener);
}

/** Waits; rejects with the signal's reason if that is aborted meanwhile. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(() => {
      forget?.();
      resolve();
    }, ms);
    const forget =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
  });
}

/** "Full jitter": anything from 0 to a bound that doubles with each attempt, from 0.2 s to 5 s. */
export function retryDelayMs(attempt: number): number {
  return Math.random() * Math.min(5_000, 100 * 2 ** Math.min(attempt, 10));
}

/** Rejects with the signal's reason once that is aborted, unless `work` is done before. */
export async function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return work;
  signal.throwIfAborted();
  let forget: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    forget = onAbort(signal, () => reject(signal.reason));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    forget?.();
  }
}
