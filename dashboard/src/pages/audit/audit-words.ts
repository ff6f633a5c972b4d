// What a change of the audit did, in words. Pure.

import type { AuditEntry, AuditState } from "../../api/named";
import type { Pace } from "../../domain";
import { moment } from "../../format";
import { paceWords } from "../../gate-words";

/** What can be done, as it is said of the one who did it. */
export const ACTION_NAME: Readonly<Record<AuditEntry["action"], string>> = {
  "reservations.changed": "Changed reservations",
  "limit.changed": "Changed the limit",
  "agent.created": "Created an agent",
  "agent.changed": "Changed an agent",
  "agent.deleted": "Deleted an agent",
  "type.changed": "Changed a call type",
  "gate.created": "Created a gate",
  "gate.changed": "Changed a gate",
  "gate.deleted": "Deleted a gate",
  "alert.created": "Created an alert",
  "alert.changed": "Changed an alert",
  "alert.deleted": "Deleted an alert",
  "gate.hours": "A gate's hours began or ended",
  "call.erased": "Erased a call",
  "org.created": "Created the organisation",
  "org.changed": "Changed the organisation",
  "org.deleted": "Deleted the organisation",
  "key.created": "Created a key",
  "key.rotated": "Rotated a key",
  "key.revoked": "Revoked a key",
  "sign_in_code.created": "Made a sign-in link",
  "plan.created": "Created a plan",
  "plan.changed": "Changed a plan",
  "plan.deleted": "Deleted a plan",
  "webhook.created": "Created a webhook",
  "webhook.changed": "Changed a webhook",
  "webhook.rotated": "Rotated a webhook's secret",
  "webhook.deleted": "Deleted a webhook",
};

/** An action of a newer server is said by its name. */
export function actionText({ action }: Pick<AuditEntry, "action">): string {
  return ACTION_NAME[action] ?? action;
}

/** A setting before and after a change. */
export interface Difference {
  name: string;
  before: string;
  after: string;
}

/** The settings that differ, in their order; of what was created or deleted, all. */
export function differences({ before, after }: AuditEntry): Difference[] {
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const names = [...new Set([...was.keys(), ...is.keys()])];
  return names
    .map((name) => ({ name, before: was.get(name) ?? "–", after: is.get(name) ?? "–" }))
    .filter((it) => it.before !== it.after);
}

/** "support: nothing → 6 (chat 6)" */
export function summary(entry: AuditEntry): string {
  return differences(entry)
    .map(({ name, before, after }) => `${name}: ${before} → ${after}`)
    .join("; ");
}

export function isRevertible({ before }: AuditEntry): boolean {
  return before?.of === "reservations";
}

type Values = Readonly<Record<string, unknown>>;

function fieldsOf(state: AuditState | null): Map<string, string> {
  if (state === null) return new Map();
  if (state.of === "reservations") return reservationsOf(state.reservations);
  const { of: _, ...values } = state;
  // A gate's settings and an alert's rule stand one level deeper.
  const flat: Values =
    "settings" in values ? values.settings : "rule" in values ? values.rule : values;
  return new Map(
    Object.entries(flat)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [nameOf(name), valueText(name, value)]),
  );
}

function reservationsOf(reservations: readonly Values[]): Map<string, string> {
  return new Map(
    reservations.map(({ agent, ...types }) => {
      const slots = Object.entries(types).filter(([, value]) => Number(value) > 0);
      const total = slots.reduce((sum, [, value]) => sum + Number(value), 0);
      const parts = slots.map(([type, value]) => `${type} ${value}`).join(", ");
      return [String(agent), total === 0 ? "nothing" : `${total} (${parts})`];
    }),
  );
}

/** "limit_override" → "limit override" */
function nameOf(name: string): string {
  return name === "for_s" ? "for (s)" : name.replaceAll("_", " ");
}

function valueText(name: string, value: unknown): string {
  if (value === null) return "none";
  if (name === "pace") return paceWords(value as Pace);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string")
    return name.endsWith("_at") || name.endsWith("_until") ? moment(value) : value;
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}
