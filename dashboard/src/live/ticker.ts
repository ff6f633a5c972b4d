// The server's time at a pace, for what counts up on the page.

import type { LiveStore } from "./store";

export class Ticker {
  private value: number;
  private readonly store: LiveStore;
  private readonly everyMs: number;

  constructor(store: LiveStore, everyMs: number) {
    this.store = store;
    this.everyMs = everyMs;
    this.value = store.shownNow();
  }

  readonly now = (): number => this.value;

  subscribe(listener: () => void): () => void {
    let { state } = this.store.status();
    const look = () => {
      this.value = this.store.shownNow();
      listener();
    };
    const timer = setInterval(() => {
      if (this.store.status().state !== "stale") look();
    }, this.everyMs);
    // The clock of stale data stops at once, at its own time.
    const unsubscribe = this.store.subscribe(() => {
      if (this.store.status().state !== state) {
        state = this.store.status().state;
        look();
      }
    });
    this.value = this.store.shownNow();
    return () => {
      clearInterval(timer);
      unsubscribe();
    };
  }
}
