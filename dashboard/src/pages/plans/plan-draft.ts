// A plan as it is being typed, and how many organisations it is for.

import { ID_PATTERN, MOST_CALLS, type Org, type Plan } from "../../domain";
import { count, counted } from "../../format";
import { wholeNumberIn } from "../../ui/form/number-text";

export interface PlanDraft {
  id: string;
  name: string;
  limit: string;
}

/** What is wrong with a draft, by field. `taken`: the ids there are, for a plan that is new. */
export function problemsOf(
  draft: PlanDraft,
  taken: readonly string[],
): Partial<Record<keyof PlanDraft, string>> {
  const problems: Partial<Record<keyof PlanDraft, string>> = {};
  const limit = wholeNumberIn(draft.limit);
  if (draft.name.trim() === "") problems.name = "A plan has a name.";
  if (!ID_PATTERN.test(draft.id.trim())) {
    problems.id = "1 to 64 letters, digits, and - _ . :";
  } else if (taken.includes(draft.id.trim())) {
    problems.id = "A plan with this id already exists. Edit it, or choose another id.";
  }
  if (limit === undefined || limit > MOST_CALLS) {
    problems.limit = `A whole number from 0 to ${count(MOST_CALLS)}.`;
  }
  return problems;
}

export interface PlanUse {
  /** Organisations on it. */
  orgs: number;
  /** Those of them that have a limit of their own. */
  overridden: number;
}

/** How many organisations are on each plan. */
export function planUses(
  orgs: readonly Pick<Org, "plan" | "limit_override">[],
): ReadonlyMap<string, PlanUse> {
  const uses = new Map<string, PlanUse>();
  for (const { plan, limit_override } of orgs) {
    const use = uses.get(plan) ?? { orgs: 0, overridden: 0 };
    use.orgs += 1;
    if (typeof limit_override === "number") use.overridden += 1;
    uses.set(plan, use);
  }
  return uses;
}

/** What saving another limit does; undefined while it stays as it is. `use`: undefined when it is not known. */
export function whatLimitDoes(
  plan: Plan,
  limit: string,
  use: PlanUse | undefined,
): string | undefined {
  const wanted = wholeNumberIn(limit);
  if (wanted === undefined || wanted === plan.limit) return undefined;
  const change = `The limit of ${whom(use)} changes from ${count(plan.limit)} to ${count(wanted)} at once.`;
  const own =
    use === undefined || use.overridden > 0 ? " Organisations with their own limit keep it." : "";
  const calls =
    wanted < plan.limit
      ? " No call is interrupted: where more are active, no new one starts until there is room."
      : " No call is interrupted; queued ones start where there is room.";
  return change + own + calls;
}

function whom(use: PlanUse | undefined): string {
  if (use === undefined) return "all organisations on this plan";
  if (use.orgs === 0) return "this plan, which no organisation uses yet,";
  return use.orgs === 1
    ? "the one organisation on this plan"
    : `all ${counted(use.orgs, "organisation")} on this plan`;
}
