import type { ReactNode } from "react";

/** A table that scrolls within itself when the page is narrow. */
export function Table(props: { label: string; children: ReactNode }) {
  return (
    <section
      aria-label={props.label}
      tabIndex={0}
      className="relative overflow-x-auto rounded-lg border border-line bg-surface shadow-card"
    >
      <table className="w-full border-collapse">{props.children}</table>
    </section>
  );
}

/** A column's head. */
export function Th(props: { isNumber?: boolean; children?: ReactNode }) {
  return (
    <th
      scope="col"
      className={`h-9 border-line border-b px-3 font-medium text-muted whitespace-nowrap ${props.isNumber ? "text-right" : "text-left"}`}
    >
      {props.children}
    </th>
  );
}

/** A cell. */
export function Td(props: { isNumber?: boolean; isMuted?: boolean; children?: ReactNode }) {
  return (
    <td
      className={`border-line/70 border-t px-3 py-2 ${props.isNumber ? "text-right" : "text-left"} ${props.isMuted ? "text-muted" : ""}`}
    >
      {props.children}
    </td>
  );
}
