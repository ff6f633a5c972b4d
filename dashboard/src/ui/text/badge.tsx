import type { ReactNode } from "react";

type Kind = "plain" | "accent" | "warning" | "good" | "danger";

const LOOK: Record<Kind, string> = {
  plain: "bg-sunken text-muted",
  accent: "bg-accent-soft text-accent",
  warning: "bg-warning-soft text-warning",
  good: "bg-good-soft text-good",
  danger: "bg-danger-soft text-danger",
};

/** A word about something, set apart. */
export function Badge({ kind = "plain", children }: { kind?: Kind; children: ReactNode }) {
  return (
    <span
      className={`inline-flex items-center rounded px-1.5 py-px font-medium text-xs whitespace-nowrap ${LOOK[kind]}`}
    >
      {children}
    </span>
  );
}
