import type { Alert, PastAlert } from "../../api/named";
import { duration, moment } from "../../format";
import { RowMenu } from "../../ui/control/menu";
import type { WindowedColumn } from "../../ui/table/table-column";
import { Badge } from "../../ui/text/badge";
import { figureText, ruleText } from "../shared/alerts";

interface AlertActions {
  onEdit: (alert: Alert) => void;
  onDelete: (alert: Alert) => void;
}

/** The columns of the rules. */
export function alertColumns({ onEdit, onDelete }: AlertActions): WindowedColumn<Alert>[] {
  return [
    {
      key: "id",
      head: "Alert",
      width: 9,
      sortBy: ({ id }) => id,
      cell: ({ id }) => <span className="font-medium">{id}</span>,
    },
    {
      key: "rule",
      head: "Opens when",
      width: 16,
      isWide: true,
      isLong: true,
      cell: (alert) => <span title={ruleText(alert)}>{ruleText(alert)}</span>,
    },
    {
      key: "state",
      head: "State",
      width: 6,
      sortBy: ({ open }) => open?.opened_at,
      cell: ({ open }) =>
        open === null ? <Badge kind="good">quiet</Badge> : <Badge kind="warning">open</Badge>,
    },
    {
      key: "figure",
      head: "Figure now",
      width: 8,
      isNumber: true,
      sortBy: ({ figure }) => figure,
      cell: ({ when, figure }) => (when === "webhook_disabled" ? "–" : figureText(when, figure)),
    },
    {
      key: "since",
      head: "Open since",
      width: 13,
      isLong: true,
      extra: 1,
      cell: ({ open }) => (open === null ? "–" : <At at={open.opened_at} />),
    },
    {
      key: "do",
      head: <span className="sr-only">Actions</span>,
      width: 4,
      isNumber: true,
      cell: (alert) =>
        alert.when !== "webhook_disabled" && (
          <span className="flex justify-end">
            <RowMenu
              label={`Actions for ${alert.id}`}
              actions={[
                { label: "Edit", onSelect: () => onEdit(alert) },
                { label: "Delete", isDangerous: true, onSelect: () => onDelete(alert) },
              ]}
            />
          </span>
        ),
    },
  ];
}

const WHY: Readonly<Record<PastAlert["why"], string>> = {
  recovered: "recovered",
  rule_changed: "rule changed",
  rule_deleted: "rule deleted",
};

export const PAST_COLUMNS: readonly WindowedColumn<PastAlert>[] = [
  {
    key: "opened",
    head: "Opened",
    width: 13,
    isLong: true,
    cell: ({ opened_at }) => <At at={opened_at} />,
  },
  { key: "alert", head: "Alert", width: 9, cell: ({ id }) => id },
  {
    key: "rule",
    head: "Rule then",
    width: 16,
    isWide: true,
    isLong: true,
    extra: 1,
    cell: (past) => ruleText(past),
  },
  {
    key: "figure",
    head: "Figure",
    width: 7,
    isNumber: true,
    cell: ({ when, figure }) => (when === "webhook_disabled" ? "–" : figureText(when, figure)),
  },
  {
    key: "lasted",
    head: "Lasted",
    width: 8,
    isNumber: true,
    cell: ({ opened_at, closed_at }) => duration(Date.parse(closed_at) - Date.parse(opened_at)),
  },
  { key: "why", head: "Closed", width: 8, cell: ({ why }) => WHY[why] },
];

function At({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}
