import type { Org } from "../../domain";
import { count, percent } from "../../format";
import { Button } from "../../ui/control/button";
import { RowMenu } from "../../ui/control/menu";
import type { WindowedColumn } from "../../ui/table/table-column";
import { WindowedTable } from "../../ui/table/windowed-table";
import { Badge } from "../../ui/text/badge";
import { LongId } from "../../ui/text/long-id";
import { longestCallInWords, utilisation } from "./org-list";

interface OrgsTableProps {
  orgs: readonly Org[];
  /** The one looked at. */
  current: string;
  onLookAt: (org: Org) => void;
  onEdit: (org: Org) => void;
  onDelete: (org: Org) => void;
}

/** Organisations, with their limits and bounds. */
export function OrgsTable(props: OrgsTableProps) {
  return (
    <WindowedTable
      label="Organisations"
      columns={columns(props)}
      rows={props.orgs}
      keyOf={({ id }) => id}
    />
  );
}

function columns(props: OrgsTableProps): WindowedColumn<Org>[] {
  return [
    {
      key: "name",
      head: "Name",
      width: 10,
      isWide: true,
      sortBy: ({ name }) => name,
      cell: ({ name }) => <Name name={name} />,
    },
    {
      key: "id",
      head: "Id",
      width: 9,
      isLong: true,
      extra: 3,
      sortBy: ({ id }) => id,
      cell: ({ id }) => <Id id={id} />,
    },
    {
      key: "plan",
      head: "Plan",
      width: 7.5,
      isLong: true,
      extra: 1,
      sortBy: ({ plan }) => plan,
      cell: ({ plan }) => <span title={plan}>{plan}</span>,
    },
    {
      key: "use",
      head: "In use",
      width: 11,
      isNumber: true,
      isLong: true,
      sortBy: utilisation,
      cell: (org) => <Use of={org} />,
    },
    {
      key: "waiting",
      head: "Waiting",
      width: 6,
      isNumber: true,
      sortBy: ({ queued }) => queued,
      cell: ({ queued }) => <Waiting calls={queued} />,
    },
    {
      key: "limit",
      head: "Limit",
      width: 8,
      isNumber: true,
      extra: 5,
      sortBy: ({ limit }) => limit,
      cell: (org) => <Limit of={org} />,
    },
    {
      key: "queued",
      head: "Max queued",
      isLong: true,
      width: 7.5,
      isNumber: true,
      extra: 4,
      sortBy: (org) => org.max_queued,
      cell: (org) => count(org.max_queued),
    },
    {
      key: "duration",
      head: "Max duration",
      isLong: true,
      width: 8,
      isNumber: true,
      extra: 2,
      sortBy: (org) => org.max_call_duration_s,
      cell: (org) => longestCallInWords(org.max_call_duration_s),
    },
    {
      key: "do",
      head: <span className="sr-only">Actions</span>,
      width: 10.5,
      cell: (org) => <Actions of={org} {...props} />,
    },
  ];
}

function Name({ name }: { name: string }) {
  return (
    <bdi title={name} className="font-medium">
      {name}
    </bdi>
  );
}

function Id({ id }: { id: string }) {
  return (
    <span className="text-muted">
      <LongId id={id} />
    </span>
  );
}

/** "17 / 20 (85 %)" over a bar, marked from 85 %. */
function Use({ of: { active, limit } }: { of: Org }) {
  const share = utilisation({ active, limit });
  return (
    <span className="flex flex-col items-stretch gap-0.5">
      <span className="whitespace-nowrap">
        {count(active)} / {count(limit)}{" "}
        <span className={share >= 0.85 ? "text-warning" : "text-muted"}>({percent(share)})</span>
      </span>
      <span
        aria-hidden="true"
        className="block h-1 overflow-hidden rounded-full bg-sunken forced-colors:border"
      >
        <span
          className={`block h-full ${share >= 0.85 ? "bg-warning" : "bg-accent"} forced-colors:bg-[CanvasText]`}
          style={{ width: `${Math.min(1, share) * 100}%` }}
        />
      </span>
    </span>
  );
}

function Waiting({ calls }: { calls: number }) {
  return <span className={calls > 0 ? "text-warning" : "text-muted"}>{count(calls)}</span>;
}

function Limit({ of: { limit, limit_override } }: { of: Org }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      {limit_override !== null && limit_override !== undefined && <Badge>override</Badge>}
      {count(limit)}
    </span>
  );
}

function Actions({ of: org, ...props }: { of: Org } & OrgsTableProps) {
  return (
    <div className="flex items-center justify-end gap-1">
      {org.id === props.current ? (
        <Badge kind="accent">open</Badge>
      ) : (
        <Button kind="quiet" aria-label={`Open ${org.name}`} onClick={() => props.onLookAt(org)}>
          Open
        </Button>
      )}
      <RowMenu
        label={`Actions for ${org.name}`}
        actions={[
          { label: "Edit", onSelect: () => props.onEdit(org) },
          { label: "Delete", isDangerous: true, onSelect: () => props.onDelete(org) },
        ]}
      />
    </div>
  );
}
