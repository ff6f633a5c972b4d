import { useQueryClient } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { Alert } from "../../api/to-come";
import { useBarred } from "../../auth/session";
import { Button } from "../../ui/control/button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page, Section } from "../../ui/page/page";
import { WindowedTable } from "../../ui/table/windowed-table";
import { ALERTS, useAlerts } from "../shared/alerts";
import { DeleteQuestion } from "../shared/delete-question";
import { alertColumns, FOUND_COLUMNS, foundBy } from "./alert-columns";
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
          five minutes. It is shown above every page, and sent as the events{" "}
          <code>alert.opened</code> and <code>alert.closed</code>, also to webhooks.
        </Empty>
      )}
      {data !== undefined && !isEmpty && (
        <Alerts
          alerts={data}
          onEdit={(alert) => setDoing({ kind: "edit", alert })}
          onDelete={(alert) => setDoing({ kind: "delete", alert })}
        />
      )}
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
          <p>Nothing looks at this any more, and what it found before is gone from this page.</p>
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
  const found = useMemo(() => foundBy(alerts), [alerts]);
  return (
    <>
      <WindowedTable label="Alerts" columns={columns} rows={alerts} keyOf={({ id }) => id} />
      <Section title="What they found" description="Of each alert, the newest 20 that have closed.">
        {found.length === 0 ? (
          <p className="text-muted">No alert has opened yet.</p>
        ) : (
          <WindowedTable
            label="What alerts found"
            columns={FOUND_COLUMNS}
            rows={found}
            keyOf={({ id, event }) => `${id} ${event}`}
          />
        )}
      </Section>
    </>
  );
}
