import type { ReactNode } from "react";

export type IconName =
  | "concurrency"
  | "calls"
  | "agents"
  | "gates"
  | "history"
  | "alerts"
  | "webhooks"
  | "audit"
  | "developers"
  | "organisations"
  | "plans"
  | "search"
  | "account";

const SHAPES: Record<IconName, ReactNode> = {
  concurrency: <path d="M2.5 5.5h11v5h-11zM6 5.5v5M9.5 5.5v5" />,
  calls: (
    <path d="M5.6 2.8 3.7 3.2c-.6 5.3 3.8 9.7 9.1 9.1l.4-1.9-2.7-1.4-1.2 1.2a7.2 7.2 0 0 1-3.5-3.5L7 5.5z" />
  ),
  agents: (
    <path d="M3.5 6h9v6.5h-9zM8 6V3.5M6 9v.8M10 9v.8M1.8 8.3v2M14.2 8.3v2" strokeLinecap="round" />
  ),
  gates: <path d="M3 13.5v-11M13 13.5v-11M3 5.5h10M3 9.5h10" strokeLinecap="round" />,
  history: <path d="M2.5 13.5h11M2.5 10.5 6 6.5l3 2.5 4.5-5.5" strokeLinecap="round" />,
  alerts: <path d="M8 2.5 14 13H2zM8 6.5v3M8 11v.5" strokeLinecap="round" />,
  webhooks: <path d="M2 8h7M6.5 5 9.5 8l-3 3M11 2.5h2.5v11H11" strokeLinecap="round" />,
  audit: <path d="M3.5 2.5h9v11h-9zM6 5.5h4M6 8h4M6 10.5h2" strokeLinecap="round" />,
  developers: <path d="M5.5 4.5 2 8l3.5 3.5M10.5 4.5 14 8l-3.5 3.5" strokeLinecap="round" />,
  organisations: (
    <path d="M3 13.5v-11h6v11M9 6.5h4v7M2 13.5h12M5.2 5.2h1.6M5.2 8h1.6M5.2 10.8h1.6" />
  ),
  search: <path d="M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.4 10.4l3.3 3.3" />,
  account: (
    <path d="M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.5-2.6 2.6-4 5.2-4s4.7 1.4 5.2 4" />
  ),
  plans: <path d="m8 2.5 6 3-6 3-6-3zM2 8.2l6 3 6-3M2 10.7l6 3 6-3" />,
};

/** A small picture next to a word that says the same. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.3"
      strokeLinejoin="round"
      className="size-4 shrink-0 opacity-80"
    >
      {SHAPES[name]}
    </svg>
  );
}
