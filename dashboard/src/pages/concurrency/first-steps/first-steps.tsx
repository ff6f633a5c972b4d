import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { api, bodyOf } from "../../../api/client";
import { useBarred, useSignedIn } from "../../../auth/session";
import type { Pool } from "../../../domain";
import { Button } from "../../../ui/control/button";
import { copyText } from "../../../ui/control/clipboard-text";
import { ProblemNote } from "../../../ui/message/problem-note";
import { useSay } from "../../../ui/message/toast-provider";
import { CreateAgentDialog } from "../../agents/create-agent-dialog";
import { curl } from "../../shared/curl";
import { doneSteps, type Kept, noted, readKept } from "./steps";

/** How long a test call lasts. */
const TEST_CALL_S = 20;

/** What to do first with an organisation that is empty; each step ticks itself off. */
export function FirstSteps({ pool, onReserve }: { pool: Pool; onReserve: () => void }) {
  const [kept, keep] = useKept(pool);
  const [isCreating, setCreating] = useState(false);
  if (!kept.isBegun || kept.isHidden) return null;
  const done = doneSteps(pool, kept);
  const agent = pool.agents[0]?.id;
  const needsAgent = agent === undefined ? "Create an agent first." : undefined;
  return (
    <section
      aria-label="First steps"
      className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4 shadow-card"
    >
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold text-base">
          {done.size === 4 ? "All first steps are done" : "First steps"}
        </h2>
        <Button kind="quiet" onClick={() => keep({ isHidden: true })}>
          Hide
        </Button>
      </div>
      <ol className="flex flex-col gap-3">
        <StepLine
          title="Create an agent"
          text="The bot that handles calls."
          isDone={done.has("agent")}
          action={<AdminButton label="Create agent" onPress={() => setCreating(true)} />}
        />
        <StepLine
          title="Reserve slots for it"
          text="Nobody else can use them, even while they are idle."
          isDone={done.has("reserve")}
          action={<AdminButton label="Reserve slots for it" why={needsAgent} onPress={onReserve} />}
        />
        <StepLine
          title="Copy a first request"
          text={
            <>
              With curl. In other languages, and with a key:{" "}
              <Link href="/developers" className="text-accent underline underline-offset-2">
                Developers
              </Link>
              .
            </>
          }
          isDone={done.has("copy")}
          action={
            <CopyRequest agent={agent ?? "support"} onCopied={() => keep({ isCopied: true })} />
          }
        />
        <StepLine
          title="Start a test call"
          text={`It takes a slot for ${TEST_CALL_S} s, and ends by itself.`}
          isDone={done.has("call")}
          action={<TestCall agent={agent} onStarted={() => keep({ isCalled: true })} />}
        />
      </ol>
      {isCreating && <CreateAgentDialog onClose={() => setCreating(false)} />}
    </section>
  );
}

function StepLine(props: { title: string; text: ReactNode; isDone: boolean; action: ReactNode }) {
  const { title, text, isDone, action } = props;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <div className="flex min-w-0 items-start gap-2.5">
        <span
          aria-hidden="true"
          className={`mt-px grid size-5 shrink-0 place-items-center rounded-full border text-xs ${isDone ? "border-good bg-good-soft text-good" : "border-line-strong"}`}
        >
          {isDone ? "✓" : ""}
        </span>
        <div className="min-w-0">
          <p className={isDone ? "text-muted" : "font-medium"}>
            {title}
            <span className="sr-only">{isDone ? ", done" : ", to do"}</span>
          </p>
          <p className="text-muted">{text}</p>
        </div>
      </div>
      {!isDone && <div className="max-sm:pl-7.5">{action}</div>}
    </li>
  );
}

function AdminButton(props: { label: string; why?: string | undefined; onPress: () => void }) {
  const barred = useBarred("admin");
  return (
    <Button disabledBecause={barred ?? props.why} onClick={props.onPress}>
      {props.label}
    </Button>
  );
}

function CopyRequest({ agent, onCopied }: { agent: string; onCopied: () => void }) {
  const { session, org } = useSignedIn();
  const say = useSay();
  const copy = async () => {
    const isCopied = await copyText(
      curl({
        method: "POST",
        origin: window.location.origin,
        path: "/v1/calls",
        body: { id: "call-1", agent, type: "inbound" },
        org: session.org === null ? org : undefined,
      }),
    );
    if (isCopied) onCopied();
    say(
      isCopied
        ? "Copied a request that starts a call."
        : "The browser does not allow this page to copy. The page Developers shows requests to copy by hand.",
    );
  };
  return <Button onClick={copy}>Copy request</Button>;
}

function TestCall({ agent, onStarted }: { agent: string | undefined; onStarted: () => void }) {
  const barred = useBarred("engine");
  const start = useMutation({
    mutationFn: async (of: string) => {
      const body = {
        agent: of,
        type: "webcall" as const,
        max_duration_s: TEST_CALL_S,
        max_wait_s: 60,
      };
      await bodyOf(api.POST("/v1/calls", { body }));
    },
    onSuccess: onStarted,
  });
  return (
    <div className="flex flex-col items-end gap-2">
      <Button
        disabledBecause={barred ?? (agent === undefined ? "Create an agent first." : undefined)}
        disabled={start.isPending}
        focusableWhenDisabled
        onClick={() => agent !== undefined && start.mutate(agent)}
      >
        {start.isPending ? "Starting…" : "Start test call"}
      </Button>
      <ProblemNote error={start.error} />
    </div>
  );
}

/** What this browser remembers of the first steps of the organisation. */
function useKept(pool: Pool): [Kept, (more: Partial<Kept>) => void] {
  const place = `callslot.first-steps.${pool.org}`;
  const [kept, setKept] = useState(() => readKept(localStorage.getItem(place)));
  const now = noted(pool, kept);
  if (now !== kept) setKept(now);
  useEffect(() => {
    if (now.isBegun) localStorage.setItem(place, JSON.stringify(now));
  }, [place, now]);
  // Added to what is remembered by then: a step that takes a while may end after another one.
  return [now, (more) => setKept((before) => ({ ...before, ...more }))];
}
