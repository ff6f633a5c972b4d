// Waiting for something to do, woken by events rather than by timers: those of a hidden tab may be late by a minute.

export class Sleep {
  private wakeUp: (() => void) | undefined;
  private isDue: (() => boolean) | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isOver = false;

  /** Waits for at least `leastMs`, then until `isDue` or `mostMs` have passed since the call. */
  async untilDue(leastMs: number, mostMs: number, isDue: () => boolean): Promise<void> {
    const begunMs = performance.now();
    const passedMs = () => performance.now() - begunMs;
    this.isDue = () => passedMs() >= leastMs && isDue();
    while (passedMs() < mostMs && !this.isDue()) {
      const untilMs = passedMs() < leastMs ? leastMs : mostMs;
      await this.ms(untilMs - passedMs());
    }
    this.isDue = undefined;
  }

  /** Waits, unless woken. */
  async ms(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.isOver) return;
      this.wakeUp = resolve;
      this.timer = setTimeout(resolve, ms);
    });
    clearTimeout(this.timer);
    this.wakeUp = undefined;
  }

  /** From now on every wait is forever. */
  end(): void {
    this.isOver = true;
    clearTimeout(this.timer);
    this.wakeUp = undefined;
  }

  wake(): void {
    this.wakeUp?.();
  }

  /** Something came that may be what is waited for. */
  wakeIfDue(): void {
    if (this.isDue?.() === true) this.wake();
  }
}
