// The organisations that an operator may look at, as choices. Pure.

import type { Org } from "../domain";

type Named = Pick<Org, "id" | "name">;

const MOST_SHOWN = 50;

/** Those with a text in the name or the id. The one looked at is always among all of them, even when it was not read. */
export function foundOrgs(orgs: readonly Named[], text: string, current: string): Named[] {
  const isRead = orgs.some(({ id }) => id === current);
  const all = isRead ? orgs : [{ id: current, name: current }, ...orgs];
  const wanted = text.toLowerCase();
  return all
    .filter(({ id, name }) => `${name}\n${id}`.toLowerCase().includes(wanted))
    .slice(0, MOST_SHOWN);
}
