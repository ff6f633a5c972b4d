import { useMemo } from "react";
import { useSignedIn } from "../../auth/session";
import { type Key, ROLES } from "../../domain";
import { moment } from "../../format";
import { useNow } from "../../live/live-provider";
import { Button } from "../../ui/control/button";
import type { WindowedColumn } from "../../ui/table/table-column";
import { WindowedTable } from "../../ui/table/windowed-table";
import { Badge } from "../../ui/text/badge";
import { LongId } from "../../ui/text/long-id";
import { ago } from "./key-words";
import { endingOf } from "./lifetimes";

interface KeysTableProps {
  label: string;
  keys: readonly Key[];
  onRotate: (key: Key) => void;
  onRevoke: (key: Key) => void;
}

/** API keys, without their secrets. */
export function KeysTable({ label, keys, onRotate, onRevoke }: KeysTableProps) {
  const own = useSignedIn().session.key.id;
  const columns = useMemo(() => keyColumns(own, onRotate, onRevoke), [own, onRotate, onRevoke]);
  return (
    <WindowedTable
      label={label}
      columns={columns}
      rows={keys}
      keyOf={({ id }) => id}
      rowRem={3.5}
    />
  );
}

function keyColumns(
  own: string,
  onRotate: (key: Key) => void,
  onRevoke: (key: Key) => void,
): WindowedColumn<Key>[] {
  return [
    {
      key: "name",
      head: "Name",
      width: 12,
      isWide: true,
      sortBy: ({ name }) => name,
      cell: (key) => <NameAndId of={key} isOwn={key.id === own} />,
    },
    {
      key: "role",
      head: "Role",
      width: 7,
      sortBy: ({ role }) => ROLES.indexOf(role),
      cell: ({ role }) => <Badge>{role}</Badge>,
    },
    {
      key: "used",
      head: "Last used",
      width: 9,
      isLong: true,
      sortBy: ({ last_used_at }) => last_used_at ?? undefined,
      cell: (key) => <When at={key.last_used_at} />,
    },
    {
      key: "created",
      head: "Created",
      width: 9,
      isLong: true,
      extra: 1,
      sortBy: ({ created_at }) => created_at,
      cell: (key) => <When at={key.created_at} />,
    },
    {
      key: "expires",
      head: "Expires",
      width: 11.5,
      isLong: true,
      sortBy: ({ expires_at }) => expires_at ?? undefined,
      cell: (key) => <End of={key} />,
    },
    {
      key: "change",
      head: <span className="sr-only">Rotate or revoke</span>,
      width: 12,
      isNumber: true,
      cell: (key) => (
        <span className="inline-flex gap-2">
          <Button aria-label={`Rotate ${key.name}`} onClick={() => onRotate(key)}>
            Rotate
          </Button>
          <Button kind="danger" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
            Revoke
          </Button>
        </span>
      ),
    },
  ];
}

function NameAndId({ of: { id, name }, isOwn }: { of: Key; isOwn: boolean }) {
  return (
    <span className="flex flex-col">
      <span className="flex items-center gap-2">
        <bdi title={name} className="truncate font-medium">
          {name}
        </bdi>
        {isOwn && <Badge kind="accent">this browser</Badge>}
      </span>
      <span className="text-muted text-xs">
        <LongId id={id} />
      </span>
    </span>
  );
}

/** When it ends, marked once that is near, and for how long its old secret works. */
function End({ of: { expires_at, old_secret_until } }: { of: Key }) {
  const now = useNow(60_000);
  const end = expires_at === null ? null : endingOf(expires_at, now);
  const old = old_secret_until === null ? null : endingOf(old_secret_until, now);
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      {expires_at === null || end === null ? (
        <span className="text-muted">never</span>
      ) : (
        <time dateTime={expires_at} title={moment(expires_at)}>
          {end.isSoon ? (
            <Badge kind={end.isOver ? "danger" : "warning"}>{end.text}</Badge>
          ) : (
            end.text
          )}
        </time>
      )}
      {old !== null && !old.isOver && (
        <span className="text-muted text-xs">old secret ends {old.text}</span>
      )}
    </span>
  );
}

/** How long ago, and when exactly. */
function When({ at }: { at: string | null | undefined }) {
  const now = useNow(60_000);
  if (at === null || at === undefined) return <span className="text-muted">never</span>;
  return (
    <time dateTime={at} title={moment(at)}>
      {ago(at, now)}
    </time>
  );
}
