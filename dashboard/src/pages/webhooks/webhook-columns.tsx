import type { Webhook } from "../../api/named";
import { count, moment } from "../../format";
import { RowLink } from "../../ui/table/row-link";
import type { WindowedColumn } from "../../ui/table/table-column";
import { Badge } from "../../ui/text/badge";

const KIND = { ok: "good", failing: "danger", disabled: "plain" } as const;

export function webhookHref(id: string): string {
  return `/webhooks?webhook=${encodeURIComponent(id)}`;
}

export const WEBHOOK_COLUMNS: readonly WindowedColumn<Webhook>[] = [
  {
    key: "url",
    head: "Address",
    width: 14,
    isWide: true,
    sortBy: ({ url }) => url,
    cell: ({ id, url }) => (
      <RowLink href={webhookHref(id)} title={`${url}: see it`} className="font-medium">
        {url}
      </RowLink>
    ),
  },
  {
    key: "events",
    head: "Events",
    width: 12,
    percent: 22,
    isLong: true,
    extra: 1,
    cell: ({ events }) => {
      const text = events.includes("*") ? "all" : events.join(", ");
      return <span title={text}>{text}</span>;
    },
  },
  {
    key: "state",
    head: "State",
    width: 6.5,
    sortBy: ({ state }) => state,
    cell: ({ state, last_failure, disabled_because }) => (
      <span title={disabled_because ?? (state === "failing" ? last_failure?.cause : undefined)}>
        <Badge kind={KIND[state]}>{state}</Badge>
      </span>
    ),
  },
  {
    key: "behind",
    head: "Behind",
    hint: "How many events it has yet to look at or deliver.",
    width: 6.5,
    isNumber: true,
    sortBy: ({ behind }) => behind,
    cell: ({ behind }) => count(behind),
  },
  {
    key: "taken",
    head: "Last taken",
    width: 13,
    isLong: true,
    extra: 2,
    sortBy: ({ last_success_at }) => last_success_at ?? undefined,
    cell: ({ last_success_at: at }) =>
      at === null ? (
        <span className="text-muted">never</span>
      ) : (
        <time dateTime={at}>{moment(at)}</time>
      ),
  },
];
