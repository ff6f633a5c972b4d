// How close the rows of tables are: kept in the browser, set at the root before the first paint (`theme.js`).

import { useSyncExternalStore } from "react";

export const DENSITIES = [
  { value: "roomy", label: "Roomy rows" },
  { value: "compact", label: "Compact rows" },
] as const;

export type Density = (typeof DENSITIES)[number]["value"];

const KEPT_AS = "callslot.density";
const listeners = new Set<() => void>();

/** How close rows are, and how to choose otherwise. */
export function useDensity(): [Density, (chosen: Density) => void] {
  return [useSyncExternalStore(subscribe, densityNow), choose];
}

/** The height of a row that is roomy at this one. */
export function closer(rowRem: number, density: Density): number {
  return density === "compact" ? rowRem * 0.8 : rowRem;
}

function densityNow(): Density {
  return document.documentElement.dataset.density === "compact" ? "compact" : "roomy";
}

function choose(chosen: Density): void {
  if (chosen === "compact") {
    document.documentElement.dataset.density = chosen;
    localStorage.setItem(KEPT_AS, chosen);
  } else {
    delete document.documentElement.dataset.density;
    localStorage.removeItem(KEPT_AS);
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
