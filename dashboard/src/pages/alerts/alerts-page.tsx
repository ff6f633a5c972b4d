import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { Alert } from "../../api/named";
import { useBarred } from "../../auth/session";
import { Button } from "../../ui/control/button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page, Section } from "../../ui/page/page";
import { WindowedTable } from "../../ui/table/windowed-table";
import { ALERTS, useAlerts, usePastAlerts } from "../shared/alerts";
import { DeleteQuestion } from "../shared/delete-question";
import { alertColumns, PAST_COLUMNS } from "./alert-columns";
import { AlertForm } from "./alert-form";

type Doing = { kind: "create" } | { kind: "edit" | "delete"; alert: Alert };

/** The rules for alerts, those that are open, and what was found before. */
export function AlertsPage() {
  const barred = useBarred("admin");
  const { data, error } = useAlerts();
  const queries = useQueryClient();
  const [doing, setDoing] = useState<Doing>();
  const stop = () => setDoing(undefined);
  const create = (
    <Button kind="primary" disabledBecause={barred} onClick={() => setDoing({ kind: "create" })}>
      Create alert
    </Button>
  );
  const isEmpty = data?.length === 0;
  return (
    <Page title="Alerts" actions={!isEmpty && create}>
      {barred !== undefined && <Note>{barred} Ask an admin of your organisation.</Note>}
      <ProblemNote error={error} />
      {data === undefined && error === null && barred === undefined && <Loading what="alerts" />}
      {isEmpty && (
        <Empty title="No alerts yet" action={create}>
          An alert opens when a figure stays above what you choose, such as 85 % of the slots for
          five minutes, and closes once it is below 90 % of that. It is shown above every page, and
          sent as the events <code>alert.opened</code> and <code>alert.closed</code>, also to
          webhooks.
        </Empty>
      )}
      {data !== undefined && !isEmpty && (
        <Alerts
          alerts={data}
          onEdit={(alert) => setDoing({ kind: "edit", alert })}
          onDelete={(alert) => setDoing({ kind: "delete", alert })}
        />
      )}
      {barred === undefined && data !== undefined && <Past />}
      {(doing?.kind === "create" || doing?.kind === "edit") && (
        <AlertForm
          alert={doing.kind === "edit" ? doing.alert : undefined}
          taken={(data ?? []).map(({ id }) => id)}
          onClose={stop}
        />
      )}
      {doing?.kind === "delete" && (
        <DeleteQuestion
          what="alert"
          name={doing.alert.id}
          onDelete={() =>
            bodyOf(api.DELETE("/v1/alerts/{id}", { params: { path: { id: doing.alert.id } } }))
          }
          onDeleted={() => queries.invalidateQueries({ queryKey: [ALERTS] })}
          onClose={stop}
        >
          <p>
            Nothing looks at this any more. If the alert is open, it closes; what it found before
            stays listed.
          </p>
        </DeleteQuestion>
      )}
    </Page>
  );
}

interface AlertsProps {
  alerts: readonly Alert[];
  onEdit: (alert: Alert) => void;
  onDelete: (alert: Alert) => void;
}

function Alerts({ alerts, onEdit, onDelete }: AlertsProps) {
  const columns = useMemo(() => alertColumns({ onEdit, onDelete }), [onEdit, onDelete]);
  return <WindowedTable label="Alerts" columns={columns} rows={alerts} keyOf={({ id }) => id} />;
}

/** The alerts that closed. */
function Past() {
  const { data, error, hasNextPage, fetchNextPage, isFetchingNextPage } = usePastAlerts();
  const past = data?.pages.flatMap(({ items }) => items);
  return (
    <Section title="What closed" description="The newest first; the last 500 are kept.">
      <ProblemNote error={error} />
      {past?.length === 0 && <p className="text-muted">No alert has closed yet.</p>}
      {past !== undefined && past.length > 0 && (
        <WindowedTable
          label="Alerts that closed"
          columns={PAST_COLUMNS}
          rows={past}
          keyOf={({ id, opened_at, closed_at }) => `${id} ${opened_at} ${closed_at}`}
        />
      )}
      {hasNextPage && (
        <Button
          onClick={() => void fetchNextPage()}
          disabledBecause={isFetchingNextPage ? "Loading." : undefined}
        >
          Show more
        </Button>
      )}
    </Section>
  );
}
