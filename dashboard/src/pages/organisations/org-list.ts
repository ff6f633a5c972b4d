// Organisations in a list: which are looked for, and their numbers in words.

import type { Org } from "../../domain";
import { count, counted, duration } from "../../format";

/** Those whose name, id or plan has the text in it. */
export function found<O extends Pick<Org, "id" | "name" | "plan">>(
  orgs: readonly O[],
  text: string,
): readonly O[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return orgs;
  return orgs.filter(({ id, name, plan }) =>
    [id, name, plan].some((word) => word.toLowerCase().includes(wanted)),
  );
}

/** How many are shown, of those that were read; `hasMore`: the server has more. */
export function extentInWords(shown: number, read: number, hasMore: boolean): string {
  if (shown < read) return `${count(shown)} of ${hasMore ? "the first " : ""}${orgs(read)}`;
  return hasMore ? `The first ${orgs(read)}` : orgs(read);
}

function orgs(value: number): string {
  return counted(value, "organisation");
}

/** How long a call without a lease may be active. */
export function longestCallInWords(seconds: number): string {
  return seconds === 0 ? "unlimited" : duration(seconds * 1000);
}

/** Which part of the limit is in use; more than 1 while an organisation settles. Without any slot it is 0 or 1. */
export function utilisation({ active, limit }: Pick<Org, "active" | "limit">): number {
  if (limit === 0) return active === 0 ? 0 : 1;
  return active / limit;
}
