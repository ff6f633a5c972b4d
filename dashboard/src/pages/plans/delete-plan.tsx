import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { Plan } from "../../domain";
import { Confirm } from "../../ui/dialog/dialog";
import { useSay } from "../../ui/message/toast-provider";
import { PLANS } from "../shared/org-queries";

/** Asks once before a plan is deleted. */
export function DeletePlan({ plan, onClose }: { plan: Plan; onClose: () => void }) {
  const queries = useQueryClient();
  const say = useSay();
  const remove = useMutation({
    mutationFn: () => bodyOf(api.DELETE("/v1/plans/{id}", { params: { path: { id: plan.id } } })),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [PLANS] });
      say(`The plan ${plan.name} was deleted.`);
      onClose();
    },
  });
  return (
    <Confirm
      title={`Delete the plan ${plan.name}?`}
      consequence="It can no longer be chosen. A plan in use cannot be deleted: move its organisations to another plan first."
      action="Delete"
      isOpen
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    />
  );
}
