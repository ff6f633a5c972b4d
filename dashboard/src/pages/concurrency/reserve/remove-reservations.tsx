import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../../api/client";
import type { Pool, PoolAgent } from "../../../domain";
import { count, counted } from "../../../format";
import { Confirm } from "../../../ui/dialog/dialog";
import { useSay } from "../../../ui/message/toast-provider";

/** Asks once, then returns an agent's reserved slots to the shared pool. */
export function RemoveReservations(props: {
  pool: Pool;
  agent: PoolAgent | undefined;
  onClose: () => void;
}) {
  const { pool, onClose } = props;
  const shown = useLast(props.agent);
  const say = useSay();
  const remove = useMutation({
    mutationFn: ({ agent, version }: { agent: PoolAgent; version: number }) =>
      bodyOf(
        api.DELETE("/v1/reservations/{agent}", {
          params: { path: { agent: agent.id }, header: { "if-match": `"${version}"` } },
        }),
      ),
    onSuccess: (_, { agent }) => {
      say(`${agent.name} no longer has a reservation. Its active calls continue.`);
      close();
    },
  });
  const close = () => {
    remove.reset();
    onClose();
  };
  if (shown === undefined) return null;
  const { size } = pool.shared;
  return (
    <Confirm
      title={`Remove ${shown.name}?`}
      consequence={`${counted(shown.reserved, "reserved slot")} ${shown.reserved === 1 ? "returns" : "return"} to the shared pool, which grows from ${count(size)} to ${count(size + shown.reserved)}. Active calls go on, and the agent itself stays.`}
      action="Remove agent"
      isOpen={props.agent !== undefined}
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ agent: shown, version: pool.version })}
      onClose={close}
    />
  );
}

/** The agent, or the last one while its dialog closes. */
function useLast(agent: PoolAgent | undefined): PoolAgent | undefined {
  const [last, setLast] = useState(agent);
  if (agent !== undefined && agent !== last) setLast(agent);
  return agent ?? last;
}
