// The pages, in the order in which they are listed.

import type { Role } from "../domain";
import type { IconName } from "./icons";

export interface PageEntry {
  to: string;
  icon: IconName;
  name: string;
  /** The role that it needs, where not everybody may see it. */
  least?: Role;
}

export const PAGES: readonly PageEntry[] = [
  { to: "/concurrency", icon: "concurrency", name: "Concurrency" },
  { to: "/calls", icon: "calls", name: "Calls" },
  { to: "/agents", icon: "agents", name: "Agents" },
  { to: "/gates", icon: "gates", name: "Gates" },
  { to: "/history", icon: "history", name: "History" },
  { to: "/alerts", icon: "alerts", name: "Alerts", least: "admin" },
  { to: "/webhooks", icon: "webhooks", name: "Webhooks", least: "admin" },
  { to: "/audit", icon: "audit", name: "Audit", least: "admin" },
  { to: "/developers", icon: "developers", name: "Developers" },
  { to: "/organisations", icon: "organisations", name: "Organisations", least: "operator" },
  { to: "/plans", icon: "plans", name: "Plans", least: "operator" },
];
