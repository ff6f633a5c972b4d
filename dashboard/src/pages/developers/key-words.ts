// What is said of API keys. Pure: the time now is an argument.

import type { Key, Role } from "../../domain";
import { counted } from "../../format";

const MIN_MS = 60_000;
const H_MS = 60 * MIN_MS;
const DAY_MS = 24 * H_MS;

/** How long ago something was, as far as it matters: "just now", "5 minutes ago", "3 days ago". */
export function ago(at: string, nowMs: number): string {
  const ms = nowMs - Date.parse(at);
  if (ms < 2 * MIN_MS) return "just now";
  if (ms < H_MS) return `${counted(Math.floor(ms / MIN_MS), "minute")} ago`;
  if (ms < DAY_MS) return `${counted(Math.floor(ms / H_MS), "hour")} ago`;
  return `${counted(Math.floor(ms / DAY_MS), "day")} ago`;
}

/** What a key of a role may do, for people who choose one. */
export const ROLE_TEXT: Record<Role, string> = {
  viewer: "reads the pool, calls and history; changes nothing",
  engine: "reads, starts and ends calls, holds leases: for call engines",
  admin: "everything in this organisation: agents, reservations, keys",
  operator: "every organisation, and the plans",
};

/** What stops working when a key of a role is revoked. */
export function whatStops(role: Role): string {
  if (role === "viewer") {
    return "Requests with it are refused from now on, and browsers signed in with it are signed out.";
  }
  return (
    "Requests with it are refused from now on, and browsers signed in with it are signed out. " +
    "A call engine that uses it can no longer start or end calls; its leases expire, and its live calls end with them."
  );
}

/** Keys with the newest first. */
export function newestFirst(keys: readonly Key[]): Key[] {
  return keys.toSorted((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
}
