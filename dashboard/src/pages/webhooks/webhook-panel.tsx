import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Webhook } from "../../api/named";
import { TYPE_NAME } from "../../domain";
import { counted, moment } from "../../format";
import { Button } from "../../ui/control/button";
import { Panel } from "../../ui/dialog/dialog";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { Deliveries } from "./deliveries";
import { answerText } from "./delivery-words";
import { changeWebhook, DELIVERIES, testWebhook, WEBHOOKS } from "./webhook-queries";

interface WebhookPanelProps {
  webhook: Webhook;
  onEdit: () => void;
  onRotate: () => void;
  onRedeliver: () => void;
  onDelete: () => void;
  onClose: () => void;
}

/** A webhook: what it gets, how it fares, and its deliveries. */
export function WebhookPanel(props: WebhookPanelProps) {
  const { webhook } = props;
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: () => testWebhook(webhook.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: [DELIVERIES] }),
  });
  const enable = useMutation({
    mutationFn: (enabled: boolean) => changeWebhook(webhook.id, { enabled }),
    onSuccess: () => queries.invalidateQueries({ queryKey: [WEBHOOKS] }),
  });
  const isOff = webhook.state === "disabled";
  return (
    <Panel title={webhook.url} description={`Id ${webhook.id}`} isOpen onClose={props.onClose}>
      <div className="flex flex-wrap gap-2">
        <Button
          kind="primary"
          disabled={test.isPending}
          focusableWhenDisabled
          onClick={() => test.mutate()}
        >
          {test.isPending ? "Testing…" : "Send a test"}
        </Button>
        <Button
          disabled={enable.isPending}
          focusableWhenDisabled
          onClick={() => enable.mutate(isOff)}
        >
          {isOff ? "Enable" : "Disable"}
        </Button>
        <Button onClick={props.onEdit}>Edit</Button>
        <Button onClick={props.onRedeliver}>Redeliver from…</Button>
        <Button onClick={props.onRotate}>Rotate secret</Button>
        <Button kind="danger" onClick={props.onDelete}>
          Delete
        </Button>
      </div>
      <ProblemNote error={test.error ?? enable.error} />
      {test.data !== undefined && (
        <Note kind={test.data.taken ? "good" : "danger"} role="status">
          {test.data.taken ? "The test was taken: " : "The test was not taken: "}
          {answerText(test.data)}
          {test.data.body !== "" && (
            <pre className="mt-1 max-h-40 overflow-auto whitespace-pre-wrap break-all text-xs">
              {test.data.body}
            </pre>
          )}
        </Note>
      )}
      <Facts webhook={webhook} />
      <Deliveries id={webhook.id} />
    </Panel>
  );
}

function Facts({ webhook }: { webhook: Webhook }) {
  const { events, agents, types, gates, description, behind, missed, last_failure } = webhook;
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1.5">
      {description !== null && <Fact name="Description">{description}</Fact>}
      <Fact name="Events">{events.includes("*") ? "all" : events.join(", ")}</Fact>
      {agents !== null && <Fact name="Agents">{agents.join(", ")}</Fact>}
      {types !== null && (
        <Fact name="Types">{types.map((type) => TYPE_NAME[type]).join(", ")}</Fact>
      )}
      {gates !== null && <Fact name="Gates">{gates.join(", ")}</Fact>}
      <Fact name="Claims">{webhook.claims ? "a 2xx claims a call" : "no, it only watches"}</Fact>
      {webhook.disabled_because !== null && <Fact name="Disabled">{webhook.disabled_because}</Fact>}
      <Fact name="Behind">{behind === 0 ? "nothing" : counted(behind, "event")}</Fact>
      {missed > 0 && <Fact name="Missed">{counted(missed, "event")} that left the log before</Fact>}
      <Fact name="Last taken">
        {webhook.last_success_at === null ? "never" : moment(webhook.last_success_at)}
      </Fact>
      {last_failure !== null && (
        <Fact name="Last failure">
          {moment(last_failure.at)}: {last_failure.status ?? "no answer"}, {last_failure.cause}
        </Fact>
      )}
      {webhook.old_secret_until !== null && (
        <Fact name="Old secret">signs too until {moment(webhook.old_secret_until)}</Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}
