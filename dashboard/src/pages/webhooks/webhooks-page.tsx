import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation, useSearch } from "wouter";
import type { Webhook } from "../../api/named";
import { useBarred } from "../../auth/session";
import { Button } from "../../ui/control/button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Empty, Loading, Page } from "../../ui/page/page";
import { WindowedTable } from "../../ui/table/windowed-table";
import { DeleteQuestion } from "../shared/delete-question";
import { SecretDialog } from "../shared/secret/secret-dialog";
import { RedeliverFrom } from "./redeliver-from";
import { RotateSecret } from "./rotate-secret";
import { WEBHOOK_COLUMNS } from "./webhook-columns";
import { WebhookForm } from "./webhook-form";
import { WebhookPanel } from "./webhook-panel";
import { deleteWebhook, useWebhooks, WEBHOOKS } from "./webhook-queries";

type Doing = "create" | "edit" | "rotate" | "redeliver" | "delete";

/** Where events are sent, how that fares, and what was delivered. */
export function WebhooksPage() {
  const barred = useBarred("admin");
  const { data, error } = useWebhooks(barred === undefined);
  const [doing, setDoing] = useState<Doing>();
  const [made, setMade] = useState<{ url: string; secret: string }>();
  const id = new URLSearchParams(useSearch()).get("webhook");
  const [, goTo] = useLocation();
  const stop = () => setDoing(undefined);
  const webhook = data?.find((one) => one.id === id);
  const create = (
    <Button kind="primary" disabledBecause={barred} onClick={() => setDoing("create")}>
      Create webhook
    </Button>
  );
  const isEmpty = data?.length === 0;
  return (
    <Page title="Webhooks" actions={!isEmpty && create}>
      {barred !== undefined && <Note>{barred} Ask an admin of your organisation.</Note>}
      <ProblemNote error={error} />
      {data === undefined && error === null && barred === undefined && <Loading what="webhooks" />}
      {isEmpty && (
        <Empty title="No webhooks yet" action={create}>
          A webhook sends events to an address of yours, signed, in order for each call, and again
          until they are taken. Its answer to <code>call.started</code> can claim the call.
        </Empty>
      )}
      {data !== undefined && !isEmpty && (
        <WindowedTable
          label="Webhooks"
          columns={WEBHOOK_COLUMNS}
          rows={data}
          keyOf={(one) => one.id}
        />
      )}
      {data !== undefined && id !== null && webhook === undefined && (
        <Note kind="warning">
          There is no webhook <code className="break-all">{id}</code>. It may have been deleted.
        </Note>
      )}
      {webhook !== undefined && (
        <WebhookPanel
          webhook={webhook}
          onEdit={() => setDoing("edit")}
          onRotate={() => setDoing("rotate")}
          onRedeliver={() => setDoing("redeliver")}
          onDelete={() => setDoing("delete")}
          onClose={() => goTo("/webhooks")}
        />
      )}
      {doing === "create" && <WebhookForm webhook={undefined} onSecret={setMade} onClose={stop} />}
      {webhook !== undefined && (
        <Asked webhook={webhook} doing={doing} onSecret={setMade} onStop={stop} />
      )}
      {made !== undefined && (
        <SecretDialog
          title="Secret of the webhook"
          description={`Copy the secret of ${made.url} now. You will not see it again.`}
          secret={made.secret}
          use="The receiver checks the signature of each delivery with it, as Standard Webhooks says."
          withoutIt="Without it, the receiver cannot check signatures."
          onClose={() => setMade(undefined)}
        />
      )}
    </Page>
  );
}

interface AskedProps {
  webhook: Webhook;
  doing: Doing | undefined;
  onSecret: (of: { url: string; secret: string }) => void;
  onStop: () => void;
}

/** What is being done to a webhook. */
function Asked({ webhook, doing, onSecret, onStop }: AskedProps) {
  const queries = useQueryClient();
  const [, goTo] = useLocation();
  if (doing === "edit") {
    return <WebhookForm webhook={webhook} onSecret={onSecret} onClose={onStop} />;
  }
  if (doing === "rotate") {
    return <RotateSecret webhook={webhook} onSecret={onSecret} onClose={onStop} />;
  }
  if (doing === "redeliver") return <RedeliverFrom webhook={webhook} onClose={onStop} />;
  if (doing !== "delete") return null;
  return (
    <DeleteQuestion
      what="webhook"
      name={webhook.url}
      onDelete={() => deleteWebhook(webhook.id)}
      onDeleted={() => {
        void queries.invalidateQueries({ queryKey: [WEBHOOKS] });
        goTo("/webhooks");
      }}
      onClose={onStop}
    >
      <p>Nothing is sent to it any more, and its deliveries are no longer listed.</p>
    </DeleteQuestion>
  );
}
