import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, bodyOf } from "../../../api/client";
import { ProblemError } from "../../../api/problem";
import { useBarred, useSignedIn } from "../../../auth/session";
import { type Call, TYPE_NAME } from "../../../domain";
import { useLive } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { CopyIcon } from "../../../ui/control/copy-icon";
import { Panel } from "../../../ui/dialog/dialog";
import { ProblemNote } from "../../../ui/message/problem-note";
import { Loading } from "../../../ui/page/page";
import { Badge } from "../../../ui/text/badge";
import { WhyItWaits } from "../../shared/why-it-waits";
import { hrefOf, NO_FILTERS } from "../filters/filters";
import { CallFacts } from "./call-facts";
import { CallState } from "./call-state";
import { CallTimeline } from "./call-timeline";
import { currentCall, findLive } from "./current-call";
import { Metadata } from "./metadata-list";
import { RawJson } from "./raw-json";
import { SlotHolders } from "./slot-holders";
import { whySentence } from "./why-sentence";

/** The estimate of a wait is no event's: while a call waits, it is asked for again. */
const ESTIMATE_EVERY_MS = 10_000;

interface CallPanelProps {
  /** The call to show; undefined: none. */
  callId: string | undefined;
  onEnd: (call: Call) => void;
  onClose: () => void;
}

/** A call's whole story, next to the list. */
export function CallPanel({ callId, onEnd, onClose }: CallPanelProps) {
  // What was shown stays while the panel slides out.
  const [shown, setShown] = useState(callId);
  if (callId !== undefined && callId !== shown) setShown(callId);
  const id = callId ?? shown;
  if (id === undefined) return null;
  return (
    <Panel title="Call" isOpen={callId !== undefined} onClose={onClose}>
      <div className="-mt-3 flex items-center gap-1">
        <code className="min-w-0 break-all">{id}</code>
        <CopyIcon text={id} what="call id" />
      </div>
      <p className="-mt-3 flex items-center gap-1">
        <Link href={hrefOf(NO_FILTERS, id)} className="text-accent hover:underline">
          Link to this call
        </Link>
        <CopyIcon text={window.location.origin + hrefOf(NO_FILTERS, id)} what="link to this call" />
      </p>
      <Story key={id} id={id} onEnd={onEnd} />
    </Panel>
  );
}

function Story({ id, onEnd }: { id: string; onEnd: (call: Call) => void }) {
  const barred = useBarred("engine");
  const live = useLive((state) => findLive(state, id));
  const isComplete = useLive((state) => state.isComplete);
  const read = useCall(id, live?.call.state, isComplete ?? true);
  const now = currentCall(live, read.data);
  if (now === undefined) {
    return read.error === null ? <Loading what="the call" /> : <NotFound error={read.error} />;
  }
  const { call } = now;
  return (
    <>
      <div className="flex flex-wrap items-center gap-1.5">
        <CallState state={call.state} />
        <Badge>{TYPE_NAME[call.type]}</Badge>
        {call.slot !== null && <Badge>{call.slot} slot</Badge>}
        {call.state !== "ended" && (
          <span className="ml-auto">
            <Button kind="danger" disabledBecause={barred} onClick={() => onEnd(call)}>
              End call
            </Button>
          </span>
        )}
      </div>
      <CallTimeline now={now} />
      <Why call={call} />
      <SlotHolders call={call} />
      <CallFacts call={call} />
      <Metadata metadata={call.metadata} />
      <RawJson call={read.data?.state === call.state ? read.data : call} />
    </>
  );
}

function Why({ call }: { call: Call }) {
  const pool = useLive((state) => state.pool);
  const gates = useLive((state) => state.gates);
  const sentence = whySentence(call, pool, gates);
  if (sentence.text === "") return null;
  const title = call.state === "queued" ? "Why it waits" : "Its wait";
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-semibold">{title}</h3>
      <p className="break-words">
        <WhyItWaits why={sentence} />
      </p>
    </section>
  );
}

/** Reads a call, and again whenever it is seen to have moved on. */
function useCall(id: string, liveState: Call["state"] | undefined, isComplete: boolean) {
  const { org } = useSignedIn();
  return useQuery<Call>({
    queryKey: ["calls", org, "one", id, liveState ?? "not live"],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/v1/calls/{id}", { params: { path: { id } }, signal })),
    placeholderData: (before) => (before?.id === id ? before : undefined),
    refetchInterval: ({ state: { data } }) => {
      const isUnseen = liveState === undefined && !isComplete && data?.state !== "ended";
      return liveState === "queued" || isUnseen ? ESTIMATE_EVERY_MS : false;
    },
  });
}

function NotFound({ error }: { error: Error }) {
  const isUnknown = error instanceof ProblemError && error.code === "unknown_call";
  return (
    <>
      <ProblemNote error={error} />
      {isUnknown && (
        <p className="text-muted">
          Ended calls are kept for 30 days, unless the server was started with a different{" "}
          <code>--ended-retention-days</code>.
        </p>
      )}
    </>
  );
}
