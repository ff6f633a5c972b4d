import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Delivery } from "../../api/named";
import { clock, moment } from "../../format";
import { Button } from "../../ui/control/button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { Loading } from "../../ui/page/page";
import { Badge } from "../../ui/text/badge";
import { answerText, bytesText, OUTCOME_NAME } from "./delivery-words";
import { DELIVERIES, redeliver, useDeliveries } from "./webhook-queries";

const KIND = {
  delivered: "good",
  failed: "warning",
  given_up: "danger",
  skipped: "plain",
} as const;

/** The attempts to deliver, newest first, each of which can be made again. */
export function Deliveries({ id }: { id: string }) {
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useDeliveries(id);
  const again = useRedeliver(id);
  const rows = data?.pages.flatMap(({ items }) => items);
  return (
    <section aria-label="Deliveries" className="flex flex-col gap-2">
      <h3 className="font-semibold">Deliveries</h3>
      <ProblemNote error={error ?? again.error} />
      {rows === undefined && error === null && <Loading what="deliveries" />}
      {rows?.length === 0 && <p className="text-muted">Nothing has been sent yet.</p>}
      {rows !== undefined && rows.length > 0 && (
        <ul className="divide-y divide-line">
          {rows.map((delivery) => (
            <Attempt
              key={`${delivery.id} ${delivery.attempt} ${delivery.at}`}
              of={delivery}
              isBusy={again.isPending}
              onAgain={() => again.mutate(delivery)}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetching} onClick={() => fetchNextPage()}>
          Show older
        </Button>
      )}
    </section>
  );
}

interface AttemptProps {
  of: Delivery;
  isBusy: boolean;
  onAgain: () => void;
}

function Attempt({ of: delivery, isBusy, onAgain }: AttemptProps) {
  const { event, seq, attempt, at, outcome, bytes, next_attempt_at } = delivery;
  return (
    <li className="flex flex-col gap-1 py-2">
      <div className="flex flex-wrap items-center gap-2">
        <Badge kind={KIND[outcome]}>{OUTCOME_NAME[outcome]}</Badge>
        <span className="min-w-0 flex-1 font-medium break-words">
          {event} <span className="font-normal text-muted">#{seq}</span>
        </span>
        <Button
          kind="quiet"
          aria-label={`Redeliver ${event} ${seq}`}
          disabled={isBusy}
          focusableWhenDisabled
          onClick={onAgain}
        >
          Redeliver
        </Button>
      </div>
      {outcome !== "skipped" && <p className="break-words">{answerText(delivery)}</p>}
      {outcome === "skipped" && <p>{delivery.cause ?? "The call was taken by another."}</p>}
      <p className="text-muted text-xs">
        <time dateTime={at} title={moment(at)}>
          {clock(at)}
        </time>
        , attempt {attempt}, {bytesText(bytes)}
        {next_attempt_at !== null && `, again at ${clock(next_attempt_at)}`}
      </p>
    </li>
  );
}

function useRedeliver(id: string) {
  const say = useSay();
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (delivery: Delivery) => redeliver(id, { ids: [delivery.id] }),
    onSuccess: (_, { event, seq }) => {
      say(`${event} ${seq} is delivered again.`);
      void queries.invalidateQueries({ queryKey: [DELIVERIES] });
    },
  });
}
