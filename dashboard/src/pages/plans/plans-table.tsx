import type { Plan } from "../../domain";
import { count } from "../../format";
import { RowMenu } from "../../ui/menu";
import { Table, Td, Th } from "../../ui/table";
import type { PlanUse } from "./plan-draft";

/** The plans, with who is on them as far as that is known. */
export function PlansTable(props: {
  plans: readonly Plan[];
  usageOf: (id: string) => PlanUse | undefined;
  onEdit: (plan: Plan) => void;
  onDelete: (plan: Plan) => void;
}) {
  return (
    <Table label="Table of plans">
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Id</Th>
          <Th isNumber>Limit</Th>
          <Th isNumber>Organisations</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {props.plans.map((plan) => (
          <tr key={plan.id}>
            <Td>
              <span title={plan.name} className="block max-w-80 truncate font-medium">
                {plan.name}
              </span>
            </Td>
            <Td isMuted>
              <span title={plan.id} className="block max-w-60 truncate font-mono text-xs">
                {plan.id}
              </span>
            </Td>
            <Td isNumber>{count(plan.limit)}</Td>
            <Td isNumber>
              <Use use={props.usageOf(plan.id)} />
            </Td>
            <Td>
              <div className="flex justify-end">
                <RowMenu
                  label={`Actions for ${plan.name}`}
                  actions={[
                    { label: "Edit", onSelect: () => props.onEdit(plan) },
                    { label: "Delete", isDangerous: true, onSelect: () => props.onDelete(plan) },
                  ]}
                />
              </div>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function Use({ use }: { use: PlanUse | undefined }) {
  if (use === undefined) {
    return (
      <span title="not counted here" className="text-muted">
        –<span className="sr-only"> not counted</span>
      </span>
    );
  }
  if (use.overridden === 0) return count(use.orgs);
  return (
    <>
      {count(use.orgs)}{" "}
      <span className="block text-muted text-xs">
        {count(use.overridden)} with a limit of their own
      </span>
    </>
  );
}
