import { useMemo } from "react";
import { Link, useLocation, useSearch } from "wouter";
import type { AuditEntry } from "../../api/named";
import { useBarred } from "../../auth/session";
import { counted, moment } from "../../format";
import { Button } from "../../ui/control/button";
import { Select } from "../../ui/form/select";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page } from "../../ui/page/page";
import { ABOVE_ROW_LINK, RowLink } from "../../ui/table/row-link";
import type { WindowedColumn } from "../../ui/table/table-column";
import { WindowedTable } from "../../ui/table/windowed-table";
import { actorText } from "../shared/actor-text";
import { AuditPanel } from "./audit-panel";
import { ACTION_NAME, actionText, summary } from "./audit-words";
import { useAudit } from "./use-audit";

/** What the address of the page says. */
interface Place {
  action?: AuditEntry["action"] | undefined;
  actor?: string | undefined;
  change?: string | undefined;
}

/** An action that the server does not know is no filter. */
function actionOf(said: string | undefined): AuditEntry["action"] | undefined {
  return (Object.keys(ACTION_NAME) as AuditEntry["action"][]).find((known) => known === said);
}

function placeOf(search: string): Place {
  const said = new URLSearchParams(search);
  const part = (name: string) => said.get(name) ?? undefined;
  return { action: actionOf(part("action")), actor: part("actor"), change: part("change") };
}

function hrefOf(place: Place): string {
  const said = Object.entries(place).filter((pair): pair is [string, string] => !!pair[1]);
  return said.length === 0 ? "/audit" : `/audit?${new URLSearchParams(said)}`;
}

/** Who changed what, and when, with the way back for reservations. */
export function AuditPage() {
  const barred = useBarred("admin");
  const place = placeOf(useSearch());
  const [, goTo] = useLocation();
  const { action, actor } = place;
  const audit = useAudit({ action, actor }, barred === undefined);
  const rows = useMemo(() => audit.data?.pages.flatMap(({ items }) => items), [audit.data]);
  const columns = useMemo(() => auditColumns({ action, actor }), [action, actor]);
  const opened = rows?.find(({ seq }) => String(seq) === place.change);
  return (
    <Page
      title="Audit"
      actions={
        <>
          {actor !== undefined && (
            <Button onClick={() => goTo(hrefOf({ action }))}>
              Only by {actor} <span aria-hidden="true">×</span>
              <span className="sr-only">: show everybody</span>
            </Button>
          )}
          <Select
            label="What was done"
            isLabelHidden
            value={action ?? ""}
            choices={[
              { value: "", label: "All changes" },
              ...Object.entries(ACTION_NAME).map(([value, label]) => ({ value, label })),
            ]}
            onChange={(chosen) => goTo(hrefOf({ action: actionOf(chosen), actor }))}
          />
        </>
      }
    >
      {barred !== undefined && <Note>{barred} Ask an admin of your organisation.</Note>}
      <ProblemNote error={audit.error} />
      {audit.isLoading && <Loading what="changes" />}
      {rows?.length === 0 && (
        <Empty title="No changes">
          Changes of settings, keys and webhooks are listed here for 13 months, with who made them.
        </Empty>
      )}
      {rows !== undefined && rows.length > 0 && (
        <WindowedTable
          label="Changes"
          columns={columns}
          rows={rows}
          keyOf={({ seq }) => String(seq)}
        />
      )}
      {rows !== undefined && rows.length > 0 && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="text-muted">{counted(rows.length, "change")}</p>
          {audit.hasNextPage && (
            <Button disabled={audit.isFetching} onClick={() => audit.fetchNextPage()}>
              Show older
            </Button>
          )}
        </div>
      )}
      {opened !== undefined && (
        <AuditPanel entry={opened} onClose={() => goTo(hrefOf({ action, actor }))} />
      )}
    </Page>
  );
}

function auditColumns(place: Place): WindowedColumn<AuditEntry>[] {
  return [
    {
      key: "at",
      head: "When",
      width: 13,
      isLong: true,
      cell: ({ at }) => <time dateTime={at}>{moment(at)}</time>,
    },
    {
      key: "who",
      head: "Who",
      width: 11,
      isLong: true,
      percent: 16,
      cell: ({ actor }) => (
        <Link
          href={hrefOf({ ...place, actor: actor.id })}
          title={`Only changes by ${actor.name}`}
          className={`${ABOVE_ROW_LINK} hover:underline`}
        >
          <bdi>{actorText(actor)}</bdi>
        </Link>
      ),
    },
    {
      key: "what",
      head: "What",
      width: 13,
      isRowHead: true,
      cell: (entry) => (
        <RowLink
          href={hrefOf({ ...place, change: String(entry.seq) })}
          title="See before and after"
          className="font-medium"
        >
          {actionText(entry)}
        </RowLink>
      ),
    },
    {
      key: "of",
      head: "Of",
      width: 8,
      isLong: true,
      extra: 1,
      cell: ({ object }) => object ?? <span className="text-muted">–</span>,
    },
    {
      key: "change",
      head: "Before → after",
      width: 14,
      isWide: true,
      isLong: true,
      extra: 2,
      cell: (entry) => <span title={summary(entry)}>{summary(entry)}</span>,
    },
  ];
}
