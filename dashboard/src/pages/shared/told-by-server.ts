// What only the server knows of a queued call: whose pace holds it, and in how long there is a start to give. Pure.

import type { Call } from "../../domain";

/**
 * The call as it is live, with what was read of it a moment ago. Live, a pace is known by its settings alone: a call that waits for a
 * start and a shared slot seems to wait for the slot, and of several paces the slowest is named. What was read says which it is.
 */
export function toldByServer(live: Call, read: Call | undefined): Call {
  if (live.state !== "queued" || read?.state !== "queued") return live;
  const seemsSo = live.blocked_on === "paced" || live.blocked_on === "shared_full";
  const blocked_by = read.blocked_on === "paced" && seemsSo ? read.blocked_by : live.blocked_by;
  const blocked_on = read.blocked_on === "paced" && seemsSo ? "paced" : live.blocked_on;
  const retry_in_ms = read.blocked_on === blocked_on ? read.retry_in_ms : null;
  if (blocked_on === live.blocked_on && blocked_by === live.blocked_by && retry_in_ms === null) {
    return live;
  }
  return { ...live, blocked_on, blocked_by, retry_in_ms };
}
