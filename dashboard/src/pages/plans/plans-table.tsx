import { useMemo } from "react";
import type { Plan } from "../../domain";
import { count } from "../../format";
import { RowMenu } from "../../ui/control/menu";
import type { WindowedColumn } from "../../ui/table/table-column";
import { WindowedTable } from "../../ui/table/windowed-table";
import { LongId } from "../../ui/text/long-id";
import type { PlanUse } from "./plan-draft";

interface PlansTableProps {
  plans: readonly Plan[];
  usageOf: (id: string) => PlanUse | undefined;
  onEdit: (plan: Plan) => void;
  onDelete: (plan: Plan) => void;
}

/** The plans, with who is on them as far as that is known. */
export function PlansTable({ plans, usageOf, onEdit, onDelete }: PlansTableProps) {
  const columns = useMemo((): WindowedColumn<Plan>[] => {
    return [
      {
        key: "name",
        head: "Name",
        width: 10,
        isWide: true,
        sortBy: ({ name }) => name,
        cell: ({ name }) => (
          <bdi title={name} className="font-medium">
            {name}
          </bdi>
        ),
      },
      {
        key: "id",
        head: "Id",
        width: 10,
        isLong: true,
        extra: 1,
        sortBy: ({ id }) => id,
        cell: ({ id }) => (
          <span className="text-muted">
            <LongId id={id} />
          </span>
        ),
      },
      {
        key: "limit",
        head: "Limit",
        width: 6,
        isNumber: true,
        sortBy: ({ limit }) => limit,
        cell: ({ limit }) => count(limit),
      },
      {
        key: "orgs",
        head: "Organisations",
        width: 13,
        isNumber: true,
        isLong: true,
        sortBy: ({ id }) => usageOf(id)?.orgs,
        cell: ({ id }) => <Use use={usageOf(id)} />,
      },
      {
        key: "do",
        head: <span className="sr-only">Actions</span>,
        width: 4,
        isNumber: true,
        cell: (plan) => (
          <span className="flex justify-end">
            <RowMenu
              label={`Actions for ${plan.name}`}
              actions={[
                { label: "Edit", onSelect: () => onEdit(plan) },
                { label: "Delete", isDangerous: true, onSelect: () => onDelete(plan) },
              ]}
            />
          </span>
        ),
      },
    ];
  }, [usageOf, onEdit, onDelete]);
  return (
    <WindowedTable
      label="Table of plans"
      columns={columns}
      rows={plans}
      keyOf={({ id }) => id}
      rowRem={3.5}
    />
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
