// What the page shows, as its address says it. Pure. What an address says that cannot be is passed over.

import { CALL_TYPES, ID_PATTERN } from "../../domain";
import { SHOWS, SORT_KEYS, type Sort, type View } from "./matrix/matrix-rows";

export const TABS = ["agents", "waiting"] as const;
export type Tab = (typeof TABS)[number];

/** What the panel is open for: an agent, or the choice of one. */
export type ReserveFor = "choose" | { agent: string };

export interface Address {
  tab: Tab;
  view: View;
  /** Undefined: the panel is closed. */
  reserveFor: ReserveFor | undefined;
}

const PATH = "/concurrency";

export function readAddress(search: string): Address {
  const params = new URLSearchParams(search);
  const agent = params.get("agent") ?? "";
  return {
    tab: TABS.find((tab) => tab === params.get("tab")) ?? "agents",
    view: {
      show: SHOWS.find((show) => show === params.get("show")) ?? "all",
      search: params.get("q") ?? "",
      agent: ID_PATTERN.test(agent) ? agent : undefined,
      sort: readSort(params.get("sort")),
    },
    reserveFor: readEdit(params.get("edit")),
  };
}

/** The address, without what goes without saying. */
export function hrefOf({ tab, view, reserveFor }: Address): string {
  const params = new URLSearchParams();
  if (tab !== "agents") params.set("tab", tab);
  if (view.show !== "all") params.set("show", view.show);
  if (view.search !== "") params.set("q", view.search);
  if (view.agent !== undefined) params.set("agent", view.agent);
  if (view.sort !== undefined) {
    params.set("sort", `${view.sort.isDescending ? "-" : ""}${view.sort.key}`);
  }
  if (reserveFor !== undefined) {
    params.set("edit", reserveFor === "choose" ? "" : reserveFor.agent);
  }
  const query = params.toString();
  return query === "" ? PATH : `${PATH}?${query}`;
}

/** `edit=sales` is an agent's, `edit=` the choice of one. */
function readEdit(text: string | null): ReserveFor | undefined {
  if (text === null) return undefined;
  return ID_PATTERN.test(text) ? { agent: text } : "choose";
}

function readSort(text: string | null): Sort | undefined {
  const isDescending = text?.startsWith("-") ?? false;
  const name = isDescending ? text?.slice(1) : text;
  const key = [...SORT_KEYS, ...CALL_TYPES].find((known) => known === name);
  return key === undefined ? undefined : { key, isDescending };
}
