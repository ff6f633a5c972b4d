// A rule as it is typed in, and what the server takes. Pure.

import type { Alert, AlertPut } from "../../api/named";
import { CALL_TYPES, type CallType, ID_PATTERN, MOST_CALLS, TYPE_NAME } from "../../domain";
import { count } from "../../format";
import { wholeNumberIn } from "../../ui/form/number-text";
import { idError } from "../shared/field-errors";

export type When = AlertPut["when"];

export interface AlertDraft {
  id: string;
  when: When;
  /** "": of all agents. */
  of: "" | "agent" | "gate";
  /** "": of all types. Those of a gate are of all. */
  type: "" | CallType;
  /** The id of the agent or the gate. */
  ofId: string;
  above: string;
  /** In seconds; empty: at once. */
  forS: string;
}

export type AlertErrors = Partial<Record<"id" | "of" | "ofId" | "above" | "forS", string>>;

export const NEW_ALERT: AlertDraft = {
  id: "",
  when: "utilization",
  of: "",
  type: "",
  ofId: "",
  above: "85",
  forS: "300",
};

export const WHENS: readonly { value: When; label: string }[] = [
  { value: "utilization", label: "Slots in use, in %" },
  { value: "oldest_wait", label: "Longest wait, in seconds" },
  { value: "queued", label: "Calls waiting" },
  { value: "reservation_full", label: "Reserved slots in use, in %" },
  { value: "refused", label: "Calls refused in a minute" },
];

export const OFS: readonly { value: AlertDraft["of"]; label: string }[] = [
  { value: "", label: "All agents" },
  { value: "agent", label: "One agent" },
  { value: "gate", label: "One gate" },
];

export const TYPES: readonly { value: AlertDraft["type"]; label: string }[] = [
  { value: "", label: "All types" },
  ...CALL_TYPES.map((value) => ({ value, label: TYPE_NAME[value] })),
];

const MOST_FOR_S = 86_400;

export function draftOf(alert: Alert): AlertDraft {
  const { id, when, agent, type, gate, above, for_s } = alert;
  return {
    id,
    when: when === "webhook_disabled" ? NEW_ALERT.when : when,
    type: type ?? "",
    of: agent !== null ? "agent" : gate !== null ? "gate" : "",
    ofId: agent ?? gate ?? "",
    above: String(above),
    forS: for_s === 0 ? "" : String(for_s),
  };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors({ id, when, of, ofId, above, forS }: AlertDraft): AlertErrors {
  const errors: AlertErrors = {};
  const ofIdError = idError(id);
  if (ofIdError !== undefined) errors.id = ofIdError;
  if (ofIdError === undefined && id === "history") errors.id = "Choose another id.";
  if (id.startsWith("webhook:")) errors.id = "The server's own alerts begin with webhook:.";
  const ofReservations = when === "reservation_full";
  if (ofReservations && of === "gate") {
    errors.of = "Slots are reserved for agents and types, not for gates.";
  }
  if ((of === "agent" || of === "gate") && !ID_PATTERN.test(ofId)) {
    errors.ofId = `Enter the id of the ${of}.`;
  }
  const threshold = above.trim() === "" ? Number.NaN : Number(above);
  if (!(threshold >= 0 && threshold <= MOST_CALLS)) {
    errors.above = `Enter a number from 0 to ${count(MOST_CALLS)}.`;
  }
  if (ofReservations && threshold >= 100) {
    errors.above = "No more than 100 % are ever in use: enter 99 for all of them.";
  }
  const seconds = forS.trim() === "" ? 0 : wholeNumberIn(forS);
  if (seconds === undefined || seconds > MOST_FOR_S) {
    errors.forS = `Enter whole seconds up to ${count(MOST_FOR_S)}, or leave it empty.`;
  }
  return errors;
}

/** A draft without errors as the API takes it. */
export function putOf({ when, of, type, ofId, above, forS }: AlertDraft): AlertPut {
  const about = {
    ...(of === "agent" && { agent: ofId }),
    ...(of === "gate" && { gate: ofId }),
    ...(of !== "gate" && type !== "" && { type }),
  };
  return { when, ...about, above: Number(above), for_s: wholeNumberIn(forS) ?? 0 };
}
