import { useSignedIn } from "../../auth/session";
import type { Key } from "../../domain";
import { moment } from "../../format";
import { useNow } from "../../live/live-provider";
import { Badge } from "../../ui/badge";
import { Button } from "../../ui/button";
import { Table, Td, Th } from "../../ui/table";
import { ago } from "./key-words";

/** API keys, without their secrets. */
export function KeysTable(props: {
  label: string;
  keys: readonly Key[];
  onRevoke: (key: Key) => void;
}) {
  const { session } = useSignedIn();
  const now = useNow(60_000);
  return (
    <Table label={props.label}>
      <colgroup>
        <col className="w-2/5" />
        <col className="w-1/8" />
        <col className="w-1/5" />
        <col className="w-1/5" />
        <col />
      </colgroup>
      <thead>
        <tr>
          <Th>Name</Th>
          <Th>Role</Th>
          <Th>Last used</Th>
          <Th>Created</Th>
          <Th>
            <span className="sr-only">Revoke</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {props.keys.map((key) => (
          <tr key={key.id}>
            <Td>
              <NameAndId of={key} isOwn={key.id === session.key.id} />
            </Td>
            <Td>
              <Badge>{key.role}</Badge>
            </Td>
            <Td>
              <When at={key.last_used_at} now={now} />
            </Td>
            <Td>
              <When at={key.created_at} now={now} />
            </Td>
            <Td>
              <div className="flex justify-end">
                <Button
                  kind="danger"
                  aria-label={`Revoke ${key.name}`}
                  onClick={() => props.onRevoke(key)}
                >
                  Revoke
                </Button>
              </div>
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

function NameAndId({ of: { id, name }, isOwn }: { of: Key; isOwn: boolean }) {
  return (
    <div className="min-w-40 max-w-72">
      <p className="flex items-center gap-2">
        <span title={name} className="truncate font-medium">
          {name}
        </span>
        {isOwn && <Badge kind="accent">this browser</Badge>}
      </p>
      <p title={id} className="truncate font-mono text-muted text-xs">
        {id}
      </p>
    </div>
  );
}

/** How long ago, and when exactly. */
function When({ at, now }: { at: string | null | undefined; now: number }) {
  if (at === null || at === undefined) return <span className="text-muted">never</span>;
  return (
    <time dateTime={at} className="block whitespace-nowrap">
      {ago(at, now)}
      <span className="block text-muted text-xs">{moment(at)}</span>
    </time>
  );
}
