import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { Plan } from "../../domain";
import { Button } from "../../ui/control/button";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page } from "../../ui/page/page";
import { ORGS, usePlans } from "../shared/org-queries";
import { DeletePlan } from "./delete-plan";
import { planUses } from "./plan-draft";
import { PlanForm } from "./plan-form";
import { PlansTable } from "./plans-table";

type Doing = { what: "create" } | { what: "edit"; plan: Plan } | { what: "delete"; plan: Plan };

/** The plans, and what an operator does with them. */
export function Plans() {
  const plans = usePlans();
  const uses = useUses();
  const [doing, setDoing] = useState<Doing | null>(null);
  const items = plans.data?.items ?? [];
  const usageOf = (id: string) =>
    uses === undefined ? undefined : (uses.get(id) ?? { orgs: 0, overridden: 0 });
  const stop = () => setDoing(null);
  return (
    <Page
      title="Plans"
      actions={
        <Button kind="primary" onClick={() => setDoing({ what: "create" })}>
          Create plan
        </Button>
      }
    >
      <p className="max-w-prose text-muted">
        A plan sets how many calls an organisation can have active at once. An organisation can have
        its own limit instead.
      </p>
      <ProblemNote error={plans.error} />
      {plans.isPending && <Loading what="plans" />}
      {plans.data !== undefined && items.length === 0 && (
        <Empty title="No plans yet">Every organisation is on a plan. Create the first one.</Empty>
      )}
      {items.length > 0 && (
        <PlansTable
          plans={items}
          usageOf={usageOf}
          onEdit={(plan) => setDoing({ what: "edit", plan })}
          onDelete={(plan) => setDoing({ what: "delete", plan })}
        />
      )}
      {doing?.what === "create" && <PlanForm taken={items.map(({ id }) => id)} onClose={stop} />}
      {doing?.what === "edit" && (
        <PlanForm plan={doing.plan} use={usageOf(doing.plan.id)} taken={[]} onClose={stop} />
      )}
      {doing?.what === "delete" && <DeletePlan plan={doing.plan} onClose={stop} />}
    </Page>
  );
}

/** How many organisations are on each plan; undefined when there are too many to count here. */
function useUses() {
  const orgs = useQuery({
    queryKey: [ORGS, "of-plans"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/v1/orgs", { params: { query: { limit: 1000 } }, signal })),
  });
  if (orgs.data === undefined || orgs.data.next !== null) return undefined;
  return planUses(orgs.data.items);
}
