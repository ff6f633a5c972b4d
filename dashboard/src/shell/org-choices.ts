// The organisations that an operator may look at, as choices.

import type { Org } from "../domain";
import type { Choice } from "../ui/select";

/** The choice that leads to the page with all of them. It is no organisation's id. */
export const ALL_ORGS = "/organisations";

/** Choices for the organisations read so far. The one looked at is always among them. */
export function orgChoices(
  orgs: readonly Pick<Org, "id" | "name">[],
  current: string,
  hasMore: boolean,
): Choice<string>[] {
  const times = new Map<string, number>();
  for (const { name } of orgs) times.set(name, (times.get(name) ?? 0) + 1);
  const choices = orgs.map(({ id, name }) => ({
    value: id,
    label: times.get(name) === 1 ? name : `${name} (${id})`,
  }));
  if (!orgs.some(({ id }) => id === current)) choices.unshift({ value: current, label: current });
  if (hasMore) choices.push({ value: ALL_ORGS, label: "More organisations …" });
  return choices;
}
