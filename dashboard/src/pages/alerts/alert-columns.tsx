import type { Alert, AlertPut, AlertSpan } from "../../api/to-come";
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
      cell: ({ rule }) => <span title={ruleText(rule)}>{ruleText(rule)}</span>,
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
      key: "since",
      head: "Last opened",
      width: 13,
      isLong: true,
      extra: 1,
      cell: (alert) => {
        const last = alert.open ?? alert.past[0];
        return last === undefined ? (
          <span className="text-muted">never</span>
        ) : (
          <At at={last.opened_at} />
        );
      },
    },
    {
      key: "do",
      head: <span className="sr-only">Actions</span>,
      width: 4,
      isNumber: true,
      cell: (alert) => (
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

/** An alert that was, or is, with the rule that found it. */
export interface Found extends AlertSpan {
  id: string;
  rule: AlertPut;
}

/** What all rules found, newest first. */
export function foundBy(alerts: readonly Alert[]): Found[] {
  const found = alerts.flatMap(({ id, rule, open, past }) =>
    [...(open === null ? [] : [open]), ...past].map((span) => ({ ...span, id, rule })),
  );
  return found.sort((one, other) => other.opened_at.localeCompare(one.opened_at));
}

export const FOUND_COLUMNS: readonly WindowedColumn<Found>[] = [
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
    head: "Rule now",
    width: 16,
    isWide: true,
    isLong: true,
    extra: 1,
    cell: ({ rule }) => ruleText(rule),
  },
  {
    key: "figure",
    head: "Figure",
    width: 7,
    isNumber: true,
    cell: ({ rule, value }) => figureText(rule.when, value),
  },
  {
    key: "lasted",
    head: "Lasted",
    width: 8,
    isNumber: true,
    cell: ({ opened_at, closed_at }) =>
      closed_at === null ? (
        <Badge kind="warning">open</Badge>
      ) : (
        duration(Date.parse(closed_at) - Date.parse(opened_at))
      ),
  },
];

function At({ at }: { at: string }) {
  return <time dateTime={at}>{moment(at)}</time>;
}
