// How API keys are read, made, rotated and revoked.

import type { Middleware } from "openapi-fetch";
import { api, bodyOf, ORG_HEADER } from "../../api/client";
import type { Key, Role } from "../../domain";

export const KEYS = "keys";

const PAGE = 1000;
/** How many pages of all organisations' keys are looked through for the operators'. */
const MAX_PAGES = 20;

/** For requests about no organisation: an operator who names one gets to see that one's keys only. */
const inNoOrg: Middleware = {
  onRequest({ request }) {
    request.headers.delete(ORG_HEADER);
    return request;
  },
};

export interface KeyList {
  keys: Key[];
  /** Whether there may be more than could be read. */
  hasMore: boolean;
}

/** The keys of the organisation looked at. */
export function readOrgKeys(signal: AbortSignal): Promise<KeyList> {
  return readKeys([], signal);
}

/** The keys of operators, which belong to no organisation. The server has no list of these alone. */
export async function readOperatorKeys(signal: AbortSignal): Promise<KeyList> {
  const { keys, hasMore } = await readKeys([inNoOrg], signal);
  return { keys: keys.filter(({ role }) => role === "operator"), hasMore };
}

async function readKeys(middleware: Middleware[], signal: AbortSignal): Promise<KeyList> {
  const keys: Key[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < MAX_PAGES; pages += 1) {
    const query: { limit: number; cursor?: string } = { limit: PAGE };
    if (cursor !== null) query.cursor = cursor;
    const page = await bodyOf(api.GET("/v1/keys", { params: { query }, middleware, signal }));
    keys.push(...page.items);
    cursor = page.next ?? null;
    if (cursor === null) break;
  }
  return { keys, hasMore: cursor !== null };
}

/** Makes a key. The answer is the only one that ever holds its secret. */
export function makeKey(name: string, role: Role, lastsS?: number): Promise<Key> {
  return bodyOf(api.POST("/v1/keys", { body: { name, role, ...ending(lastsS) } }));
}

/** Makes the first key of an organisation, with which its admin makes the others. */
export function makeFirstKey(org: string): Promise<Key> {
  const inOrg: Middleware = {
    onRequest({ request }) {
      request.headers.set(ORG_HEADER, org);
      return request;
    },
  };
  const body = { name: "first admin", role: "admin" as const };
  return bodyOf(api.POST("/v1/keys", { body, middleware: [inOrg] }));
}

/** Gives a key a new secret, beside which the old one works for a while. The answer is the only one that ever holds it. */
export function rotateKey({ id, org }: Key, graceS: number, lastsS?: number): Promise<Key> {
  const body = { grace_s: graceS, ...ending(lastsS) };
  const params = { path: { id } };
  return bodyOf(api.POST("/v1/keys/{id}/rotate", { params, body, middleware: toOrg(org) }));
}

/** Revokes a key: its own organisation's, or an operator's. */
export async function revokeKey({ id, org }: Key): Promise<void> {
  const params = { path: { id } };
  await bodyOf(api.DELETE("/v1/keys/{id}", { params, middleware: toOrg(org) }));
}

function toOrg(org: string | null): Middleware[] {
  return org === null ? [inNoOrg] : [];
}

function ending(lastsS: number | undefined): { expires_in_s?: number } {
  return lastsS === undefined ? {} : { expires_in_s: lastsS };
}
