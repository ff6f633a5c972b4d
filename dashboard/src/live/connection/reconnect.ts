// Reads the server for as long as it is wanted: connects, and connects again whenever the connection is lost.

import { isCursorLost, type ProblemError } from "../../api/problem";
import { Backoff, pause } from "./backoff";
import { Connection, type Sink } from "./event-connection";
import type { Server } from "./server-requests";
import { type LiveStatus, lost } from "./status";

/** Reads until `signal` says otherwise, or the server refuses for good: then its problem is the answer. */
export async function keepReading(
  sink: Sink,
  server: Server,
  signal: AbortSignal,
  backoff = new Backoff(),
): Promise<ProblemError | undefined> {
  let canResume = sink.current() !== undefined;
  while (!signal.aborted) {
    const connection = new Connection(sink, server, canResume);
    const problem = await connection.run(signal);
    if (signal.aborted) return undefined;
    if (problem !== undefined && isFinal(problem)) {
      sink.setStatus(lost(sink.status(), lastWordMs(sink, connection), { problem, isFinal: true }));
      return problem;
    }
    canResume = connection.canResume;
    backoff.wasLive(connection.liveForMs());
    await sayAndPause(sink, connection, problem, backoff.nextMs(), signal);
  }
  return undefined;
}

async function sayAndPause(
  sink: Sink,
  connection: Connection,
  problem: ProblemError | undefined,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  const why: Omit<LiveStatus, "state" | "sinceMs"> = problem === undefined ? {} : { problem };
  const since = lastWordMs(sink, connection);
  sink.setStatus(lost(sink.status(), since, { ...why, nextTryMs: Date.now() + pauseMs }));
  await pause(pauseMs, signal);
  if (!signal.aborted) sink.setStatus(lost(sink.status(), since, why));
}

/** When the server last spoke; of failures in a row, that is still the connection that was live. */
function lastWordMs(sink: Sink, connection: Connection): number {
  const before = sink.status();
  return before.state === "stale" ? before.sinceMs : connection.lastWordMs;
}

/** Whether asking again would get the same answer until somebody signs in or changes something. */
function isFinal(problem: ProblemError): boolean {
  const { status } = problem;
  const mayPass = status === 408 || status === 429 || isCursorLost(problem);
  return status >= 400 && status < 500 && !mayPass;
}
