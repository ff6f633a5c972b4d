import { clock, duration, moment } from "../../../format";
import { useLive, useNow } from "../../../live/live-provider";
import type { CurrentCall } from "./current-call";
import { type Step, timeline } from "./timeline";

const DOT: Record<Step["kind"], string> = {
  requested: "bg-line-strong",
  queued: "bg-warning",
  started: "bg-good",
  ended: "bg-text",
  now: "bg-accent",
};

/** What happened to a call, from above to below. */
export function CallTimeline({ now: { call, position, estimatedWaitMs } }: { now: CurrentCall }) {
  const nowMs = useNow(1000);
  const happened = useLive((live) => live.happenings) ?? [];
  const steps = timeline(call, position, happened, nowMs);
  return (
    <section aria-label="Timeline" className="flex flex-col gap-2">
      <h3 className="font-semibold">Timeline</h3>
      <ol className="flex flex-col">
        {steps.map((step, index) => (
          <StepLine
            // biome-ignore lint/suspicious/noArrayIndexKey: steps have no other identity than their place
            key={index}
            step={step}
            isLast={index === steps.length - 1}
          />
        ))}
      </ol>
      {call.state === "queued" && (
        <p className="text-muted">
          {estimatedWaitMs === undefined
            ? "No estimate yet: not enough recent activity."
            : `Estimated to start in about ${duration(estimatedWaitMs)}.`}
        </p>
      )}
    </section>
  );
}

function StepLine({ step, isLast }: { step: Step; isLast: boolean }) {
  return (
    <li className="flex flex-col">
      {step.between !== undefined && (
        <p className="border-line border-l py-1.5 pl-4 text-muted ml-[0.1875rem]">{step.between}</p>
      )}
      <div className="flex items-baseline gap-3">
        <span aria-hidden="true" className={`size-2 shrink-0 rounded-full ${DOT[step.kind]}`} />
        <p className="min-w-0 grow font-medium break-words">{step.title}</p>
        {step.at !== undefined && (
          <time dateTime={step.at} title={moment(step.at)} className="shrink-0 text-muted">
            {clock(step.at)}
          </time>
        )}
      </div>
      <div
        className={`ml-[0.1875rem] border-l pl-4 text-muted ${isLast ? "border-transparent" : "min-h-2 border-line"}`}
      >
        {step.detail}
      </div>
    </li>
  );
}
