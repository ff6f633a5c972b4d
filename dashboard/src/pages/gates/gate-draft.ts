// A gate as it is typed in, and what the server takes. Pure.

import type { components } from "../../api/schema";
import type { GateKind, GateSettings } from "../../domain";
import { wholeNumberIn } from "../../ui/form/number-text";
import { capError, idError, nameError } from "../shared/field-errors";
import {
  NO_PACE,
  type PaceDraft,
  paceDraftOf,
  paceErrors,
  paceOf,
} from "../shared/pace/pace-draft";
import { readHours, writeHours } from "./hours/hours-text";
import { isTimeZone, ownTimeZone } from "./hours/time-zones";
import { openOf, weekOf } from "./hours/week";

export type GatePut = components["schemas"]["GatePut"];

export interface HoursDraft {
  /** False: it is always open. */
  isOn: boolean;
  tz: string;
  /** As `readHours` reads it. */
  text: string;
}

export interface GateDraft {
  id: string;
  name: string;
  kind: GateKind;
  /** Empty: no cap. */
  cap: string;
  pace: PaceDraft;
  hours: HoursDraft;
}

export type GateErrors = Partial<
  Record<"id" | "name" | "cap" | "starts" | "burst" | "tz" | "hours", string>
>;

/** A new gate, to be open on working days if it gets hours. */
export function newDraft(): GateDraft {
  const hours = { isOn: false, tz: ownTimeZone(), text: "Mon-Fri 09:00-17:00" };
  return { id: "", name: "", kind: "campaign", cap: "", pace: NO_PACE, hours };
}

/** The draft of a gate that is. */
export function draftOf(gate: GateSettings & { id: string }): GateDraft {
  const { id, name, kind, cap, pace, hours } = gate;
  return {
    id,
    name,
    kind,
    cap: cap === null ? "" : String(cap),
    pace: paceDraftOf(pace),
    hours:
      hours === null
        ? newDraft().hours
        : { isOn: true, tz: hours.tz, text: writeHours(weekOf(hours)) },
  };
}

/** What the server would not take, by field; empty when all is well. */
export function draftErrors({ id, name, cap, pace, hours }: GateDraft): GateErrors {
  const found = {
    id: idError(id),
    name: nameError(name),
    cap: capError(cap),
    ...paceErrors(pace),
    tz: hours.isOn && !isTimeZone(hours.tz) ? "Choose a time zone from the list." : undefined,
    hours: hours.isOn ? readHours(hours.text).error : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, error]) => error !== undefined));
}

/** Whether two drafts say the same. */
export function isSame(one: GateDraft, other: GateDraft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A draft without errors as the API takes it. */
export function putOf({ name, kind, cap, pace, hours }: GateDraft, paused: boolean): GatePut {
  const { week } = readHours(hours.text);
  return {
    name: name.trim(),
    kind,
    cap: wholeNumberIn(cap) ?? null,
    pace: paceOf(pace),
    paused,
    hours: hours.isOn && week !== undefined ? { tz: hours.tz, open: openOf(week) } : null,
  };
}
