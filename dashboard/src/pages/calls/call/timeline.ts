// What happened to a call, in order, as its panel tells it.

import { BLOCKED_ON_TEXT, type Call, END_REASON_TEXT, type EndReason } from "../../../domain";
import { count, duration, shortDuration } from "../../../format";
import type { Happening } from "../../../live/state/event-sentence";

export interface Step {
  kind: "requested" | "queued" | "started" | "ended" | "now";
  title: string;
  /** When it happened; undefined: it still goes on. */
  at: string | undefined;
  detail: string | undefined;
  /** What lies between the step before and this one, such as "waited 12 s". */
  between: string | undefined;
}

/** How a call ended, with what it means. */
const END_DETAIL: Record<EndReason, string> = {
  completed: "Its client ended it while it was active.",
  canceled: "Its client ended it while it was queued; it took no slot.",
  lease_expired: "Its lease was not renewed in time, so its engine is presumed gone.",
  reconciled: "Its engine no longer knew it when it reconciled its calls.",
  max_duration: "It reached its own maximum duration or, without a lease, the organisation's.",
  max_wait: "It was queued for its maximum wait, or may not wait and could not start.",
  unclaimed: "It was dispatched three times and never claimed.",
  declined: "The one who was to take it up declined it for good.",
};

/** A call's steps. `happened` are happenings of any calls, newest first: from them it is known that one was taken back. */
export function timeline(
  call: Call,
  position: number | undefined,
  happened: readonly Happening[],
  nowMs: number,
): Step[] {
  const steps: Step[] = [step("requested", "Requested", call.requested_at)];
  const isDelayed = call.started_at === null || call.started_at > call.requested_at;
  if (isDelayed) steps.push(step("queued", "Queued", call.requested_at));
  steps.push(...takenBack(call, happened));
  if (call.started_at !== null) {
    const started = isDelayed ? "Started" : "Started at once";
    const slot = call.slot === null ? "" : ` on a ${call.slot} slot`;
    steps.push(step("started", started + slot, call.started_at));
  }
  steps.push(lastStep(call, position));
  return withDurations(steps, nowMs);
}

function step(kind: Step["kind"], title: string, at: string | undefined, detail?: string): Step {
  return { kind, title, at, detail, between: undefined };
}

function lastStep(call: Call, position: number | undefined): Step {
  switch (call.state) {
    case "queued": {
      const why = call.blocked_on === null ? undefined : BLOCKED_ON_TEXT[call.blocked_on];
      const place =
        position === undefined ? "In the queue" : `Position ${count(position)} in the queue`;
      return step("now", place, undefined, why && `Waiting: ${why}.`);
    }
    case "active":
      return step("now", "Active", undefined);
    case "ended": {
      const title = call.reason === null ? "Ended" : `Ended: ${END_REASON_TEXT[call.reason]}`;
      const detail = call.reason === null ? undefined : END_DETAIL[call.reason];
      return step("ended", title, call.ended_at ?? undefined, detail);
    }
  }
}

/** Starts that were not claimed in time, with the returns to the queue. */
function takenBack(call: Call, happened: readonly Happening[]): Step[] {
  const own = happened.filter(({ call: id }) => id === call.id).reverse();
  const isReturn = ({ kind, at }: Happening) => kind === "call.queued" && at > call.requested_at;
  const lastReturn = own.findLastIndex(isReturn);
  return own.slice(0, lastReturn + 1).flatMap((happening) => {
    if (happening.kind === "call.started") return [step("started", "Started", happening.at)];
    if (!isReturn(happening)) return [];
    return [step("queued", "Back in the queue", happening.at, "It was not claimed in time.")];
  });
}

/** The steps with how long each took that has an end. */
function withDurations(steps: readonly Step[], nowMs: number): Step[] {
  return steps.map((step, index) => {
    const before = steps[index - 1];
    if (before?.at === undefined || before.kind === "requested") return step;
    const since = Date.parse(before.at);
    const time =
      step.at === undefined ? duration(nowMs - since) : shortDuration(Date.parse(step.at) - since);
    return { ...step, between: `${verb(before, step)} ${time}` };
  });
}

function verb(before: Step, { kind }: Step): string {
  const isWait = before.kind === "queued";
  if (kind === "now") return isWait ? "waiting for" : "active for";
  if (before.kind === "started" && kind === "queued") return "unclaimed for";
  return isWait ? "waited" : "lasted";
}
