import { useMutation } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { api, bodyOf } from "../../../api/client";
import { useBarred } from "../../../auth/session";
import { type Call, TYPE_NAME } from "../../../domain";
import { clock } from "../../../format";
import { useLive } from "../../../live/live-provider";
import type { LiveState } from "../../../live/state/live-state";
import { Note } from "../../../ui/message/note";
import { ProblemNote } from "../../../ui/message/problem-note";

/** Waits for a call to arrive over the live stream, shows it, and ends it. */
export function Arrival({ id }: { id: string }) {
  const call = useLive((live) => callIn(live, id));
  const [arrived, setArrived] = useState<Call>();
  if (call !== undefined && call !== arrived) setArrived(call);
  const barred = useBarred("engine");
  const { mutate, isIdle, isSuccess, error } = useMutation({
    mutationFn: async () => {
      await bodyOf(api.POST("/v1/calls/{id}/end", { params: { path: { id } }, body: {} }));
    },
  });
  const isToEnd = call !== undefined && barred === undefined && isIdle;
  useEffect(() => {
    if (isToEnd) mutate();
  }, [isToEnd, mutate]);
  if (arrived === undefined) {
    return (
      <p role="status" className="text-muted">
        Waiting for the call <code>{id}</code> …
      </p>
    );
  }
  const isOver = isSuccess || call === undefined;
  return (
    <>
      <Note kind="good" role="status">
        <span aria-hidden="true">✓ </span>
        {arrivalText(arrived)} {isOver ? "It was ended, and holds nothing any more." : ""}{" "}
        <Link href={`/calls/${encodeURIComponent(id)}`} className="underline underline-offset-2">
          See the call
        </Link>
      </Note>
      <ProblemNote error={error} />
    </>
  );
}

function callIn(live: LiveState, id: string): Call | undefined {
  return live.active.get(id) ?? live.queue.find((call) => call.id === id);
}

function arrivalText({ agent, type, state, slot, requested_at }: Call): string {
  const how = state === "queued" ? "waits for a slot" : `took a ${slot ?? "shared"} slot at once`;
  return `Your call arrived at ${clock(requested_at)}: ${agent}, ${TYPE_NAME[type]}. It ${how}.`;
}
