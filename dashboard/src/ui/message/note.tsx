import type { ReactNode } from "react";

type Kind = "plain" | "warning" | "danger" | "good";

const LOOK: Record<Kind, string> = {
  plain: "border-line bg-sunken text-text",
  warning: "border-warning/30 bg-warning-soft text-warning",
  danger: "border-danger/30 bg-danger-soft text-danger",
  good: "border-good/30 bg-good-soft text-good",
};

/** A notice next to what it is about. */
export function Note(props: { kind?: Kind; role?: "alert" | "status"; children: ReactNode }) {
  return (
    <div
      role={props.role}
      className={`rounded-md border px-3 py-2 break-words ${LOOK[props.kind ?? "plain"]}`}
    >
      {props.children}
    </div>
  );
}
