// What time it is at the server, derived from what it says. Waits count from times that the server wrote, so a clock here
// that is wrong must not show in them. Pure: the time here is an argument, by a clock that is never set.

/** How long what was heard counts at least: clocks drift apart. */
const REMEMBER_MS = 120_000;

/** How much earlier than the time at the server an answer's date may be: it is cut to seconds, and on its way. */
const DATE_MAY_LAG_MS = 6_000;

export class ServerClock {
  /** The server's time less the time here, as observed since `renewedMs` and in the span before. */
  private offsets: [number | undefined, number | undefined] = [undefined, undefined];
  private renewedMs = 0;

  /**
   * It was `serverMs` there, or later, when this came. What is heard comes after it was said, never before, so what came
   * fastest tells most.
   */
  hear(serverMs: number, hereMs: number): void {
    if (!Number.isFinite(serverMs)) return;
    if (hereMs - this.renewedMs > REMEMBER_MS) {
      this.offsets = [undefined, this.offsets[0]];
      this.renewedMs = hereMs;
    }
    this.offsets[0] = Math.max(this.offsets[0] ?? Number.NEGATIVE_INFINITY, serverMs - hereMs);
  }

  /**
   * An answer's date came, in whole seconds. Unlike an event's time, which may be long past, it also tells that it is
   * not much later there: another server may answer now, or the same with another clock.
   */
  hearDate(dateMs: number, hereMs: number): void {
    const told = this.at(hereMs);
    if (told !== undefined && told > dateMs + DATE_MAY_LAG_MS)
      this.offsets = [undefined, undefined];
    this.hear(dateMs, hereMs);
  }

  /** The server's time; undefined until something was heard. */
  at(hereMs: number): number | undefined {
    const heard = this.offsets.filter((offset) => offset !== undefined);
    return heard.length === 0 ? undefined : hereMs + Math.max(...heard);
  }
}
