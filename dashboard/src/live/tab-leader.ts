// One event stream per browser: of the tabs that show an organisation, the one that holds a lock reads the server, and
// tells the others. Each keeps a state of its own, so that any of them can go on where the last one stopped.

import type { Pool } from "../domain";
import type { Sink } from "./connection/event-connection";
import { keepReading } from "./connection/reconnect";
import type { Server } from "./connection/server-requests";
import { asTold, lost, type ToldStatus, told } from "./connection/status";
import type { LiveEvent } from "./state/events";
import type { LiveState } from "./state/live-state";
import type { LiveStore } from "./store";

/** Part of the names, so that tabs of different versions leave each other alone. */
const PROTOCOL = 1;
/** A leader says something whenever the server does, every 15 s at the least, or when it tries again. */
const LEADER_SILENT_MS = 40_000;
/** How late a leader may be with a try it has announced: the timers of hidden tabs are held back. */
const LEADER_LATE_MS = 3_000;
/** How long a tab that takes over may connect before what it shows counts as stale. */
const TAKE_OVER_MS = 2_000;
/** How often a leader passes on that the server is there. */
const WORD_EVERY_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/** What a tab says to the others; `serverNow`: the server's time when it was said. */
type Message = { from: string } & (
  | { kind: "hello" }
  | { kind: "leads" }
  | { kind: "state"; to: string | null; state: LiveState; link: ToldStatus; serverNow: number }
  | { kind: "events"; events: readonly LiveEvent[]; serverNow: number }
  | { kind: "pool"; pool: Pool }
  | { kind: "word"; serverNow: number }
  | { kind: "link"; link: ToldStatus }
);
type Said = Message extends infer M ? (M extends Message ? Omit<M, "from"> : never) : never;

/** What of the browser is used. */
export interface Browser {
  locks: Pick<LockManager, "request">;
  openChannel: (name: string) => Pick<BroadcastChannel, "postMessage" | "onmessage" | "close">;
  isHidden: () => boolean;
}

/** The browser's own; undefined where a page may not use them. */
export function ownBrowser(): Browser | undefined {
  const locks = globalThis.navigator?.locks;
  if (locks === undefined || globalThis.BroadcastChannel === undefined) return undefined;
  return {
    locks,
    openChannel: (name) => new BroadcastChannel(name),
    isHidden: () => document.visibilityState === "hidden",
  };
}

/** Keeps the store up to date until the answer is called. Without a browser to share in, the tab reads on its own. */
export function share(
  org: string,
  store: LiveStore,
  server: Server,
  browser: Browser | undefined,
): () => void {
  if (browser !== undefined) return new Tab(org, store, server, browser).start();
  const stop = new AbortController();
  void keepReading(sinkOf(store), server, stop.signal);
  return () => stop.abort();
}

function sinkOf(store: LiveStore): Sink {
  const sink: Sink = {
    onDoubt: () => {},
    current: () => store.current(),
    shown: () => store.live(),
    begin: (reading) => store.begin(reading),
    replacePool: (pool) => store.replacePool(pool),
    take: (events) => store.take(events),
    heard: () => {},
    status: () => store.status(),
    setStatus: (status) => store.setStatus(status),
  };
  store.onDoubt = () => sink.onDoubt();
  return sink;
}

class Tab {
  private readonly id = Math.random().toString(36).slice(2);
  private readonly name: string;
  private readonly store: LiveStore;
  private readonly server: Server;
  private readonly browser: Browser;
  private readonly channel: ReturnType<Browser["openChannel"]>;
  private readonly stop = new AbortController();
  /** The lock that this tab asks for or holds. */
  private asking: AbortController | undefined;
  private leading: AbortController | undefined;
  private timer: ReturnType<typeof setInterval> | undefined;
  private heardMs = performance.now();
  /** The server has refused for good. */
  private isRefused = false;

  constructor(org: string, store: LiveStore, server: Server, browser: Browser) {
    this.name = `callslot-live-${PROTOCOL}:${org}`;
    this.store = store;
    this.server = server;
    this.browser = browser;
    this.channel = browser.openChannel(this.name);
  }

  start(): () => void {
    this.channel.onmessage = ({ data }) => this.hear(data as Message);
    this.timer = setInterval(() => this.lookAtLeader(), LOOK_EVERY_MS);
    this.follow();
    this.askForLock({ steal: false });
    return () => {
      this.stop.abort();
      this.asking?.abort();
      this.leading?.abort();
      clearInterval(this.timer);
      this.channel.onmessage = null;
      this.channel.close();
    };
  }

  private follow(): void {
    this.heardMs = performance.now();
    this.store.onDoubt = () => this.say({ kind: "hello" });
    this.say({ kind: "hello" });
  }

  /** Waits for the lock, or takes it away from a leader that does not do its part. */
  private askForLock({ steal }: { steal: boolean }): void {
    this.asking?.abort();
    const asking = new AbortController();
    this.asking = asking;
    const options: LockOptions = steal ? { steal } : { signal: asking.signal };
    const isOver = () => this.asking !== asking || this.stop.signal.aborted || this.isRefused;
    this.browser.locks
      .request(this.name, options, () => this.lead())
      .catch((error: unknown) => {
        if (isOver()) return;
        // Another tab took the lock away; what this one has begun must end.
        this.leading?.abort();
        this.leading = undefined;
        this.follow();
        if (isAbort(error)) this.askForLock({ steal: false });
        // No lock is to be had at all: each tab for itself.
        else void this.lead();
      });
  }

  private async lead(): Promise<void> {
    if (this.stop.signal.aborted) return;
    const leading = new AbortController();
    this.leading = leading;
    this.say({ kind: "leads" });
    const sink = this.leadersSink();
    const takeOver = this.limitTakeOver(sink, leading.signal);
    const problem = await keepReading(sink, this.server, leading.signal);
    clearTimeout(takeOver);
    if (this.leading === leading) this.leading = undefined;
    // The others find out for themselves, as each tab shows the sign-in page on its own.
    if (problem !== undefined) this.isRefused = true;
  }

  /** The last leader's word that all is live counts until this tab had time to connect. */
  private limitTakeOver(sink: Sink, signal: AbortSignal): ReturnType<typeof setTimeout> {
    const inherited = this.store.status();
    const heardMs = Date.now() - (performance.now() - this.heardMs);
    return setTimeout(() => {
      const isUnchanged = this.store.status() === inherited && inherited.state === "live";
      if (isUnchanged && !signal.aborted) sink.setStatus(lost(inherited, heardMs, {}));
    }, TAKE_OVER_MS);
  }

  /** Says what comes to the others at once: the batches of a hidden tab may wait, those of a visible one must not. */
  private leadersSink(): Sink {
    const { store } = this;
    const sink = sinkOf(store);
    let saidMs = Number.NEGATIVE_INFINITY;
    return Object.assign(sink, {
      begin: (reading) => {
        store.begin(reading);
        this.sayState(null);
      },
      replacePool: (pool) => {
        store.replacePool(pool);
        this.say({ kind: "pool", pool });
      },
      take: (events) => {
        this.say({ kind: "events", events, serverNow: store.serverNow() });
        store.take(events);
      },
      heard: () => {
        if (performance.now() - saidMs < WORD_EVERY_MS) return;
        saidMs = performance.now();
        this.say({ kind: "word", serverNow: store.serverNow() });
      },
      setStatus: (status) => {
        store.setStatus(status);
        this.say({ kind: "link", link: told(status) });
      },
    } satisfies Partial<Sink>);
  }

  private hear(message: Message): void {
    if (message.kind === "hello") {
      if (this.leading !== undefined) this.sayState(message.from);
      return;
    }
    // What a leader says that was just replaced is of no use to the one that replaced it.
    if (this.leading !== undefined || this.isRefused) return;
    this.heardMs = performance.now();
    this.hearLeader(message);
  }

  private hearLeader(message: Exclude<Message, { kind: "hello" }>): void {
    const { store } = this;
    if ("serverNow" in message) store.hear(message.serverNow);
    switch (message.kind) {
      case "leads":
        if (store.live()?.isInDoubt !== false) this.say({ kind: "hello" });
        break;
      case "state":
        if (message.to !== null && message.to !== this.id) break;
        store.replace(message.state);
        store.setStatus(asTold(message.link));
        break;
      case "events":
        store.take(message.events);
        break;
      case "pool":
        store.replacePool(message.pool);
        break;
      case "link":
        store.setStatus(asTold(message.link));
        break;
      case "word":
        break;
    }
  }

  private lookAtLeader(): void {
    if (this.leading !== undefined || this.isRefused || this.browser.isHidden()) return;
    const { nextTryMs } = this.store.status();
    const isLate = nextTryMs !== undefined && Date.now() > nextTryMs + LEADER_LATE_MS;
    const isSilent = performance.now() - this.heardMs > LEADER_SILENT_MS;
    if (!isLate && !isSilent) return;
    this.heardMs = performance.now();
    this.askForLock({ steal: true });
  }

  private sayState(to: string | null): void {
    const state = this.store.current();
    const link = told(this.store.status());
    if (state === undefined) this.say({ kind: "link", link });
    else this.say({ kind: "state", to, state, link, serverNow: this.store.serverNow() });
  }

  private say(said: Said): void {
    if (!this.stop.signal.aborted) this.channel.postMessage({ ...said, from: this.id });
  }
}

function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === "AbortError";
}
