// Views that a reader named: filters with the columns, kept by the browser for each organisation. Pure.

import { type Filters, hrefOf, readFilters } from "../filters/filters";

export interface SavedView {
  name: string;
  /** The address of the view, as `hrefOf` writes it. */
  href: string;
}

/** How many views are kept. */
export const MOST_VIEWS = 50;
export const NAME_LENGTH = 60;

/** What is kept, as far as it can be read; by name. */
export function knownViews(kept: unknown): readonly SavedView[] {
  if (!Array.isArray(kept)) return [];
  const views = new Map<string, SavedView>();
  for (const view of kept.slice(0, MOST_VIEWS)) {
    const { name, href }: { name?: unknown; href?: unknown } = view ?? {};
    if (typeof name !== "string" || typeof href !== "string" || name.trim() === "") continue;
    // Read and written once more: whatever is kept leads to this page alone.
    const at = href.indexOf("?");
    const filters = readFilters(at < 0 ? "" : href.slice(at));
    const shown = name.trim().slice(0, NAME_LENGTH);
    views.set(shown, { name: shown, href: hrefOf(filters) });
  }
  return [...views.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The views with one more; one of the same name is replaced. */
export function withView(
  views: readonly SavedView[],
  name: string,
  filters: Filters,
): readonly SavedView[] {
  return knownViews([...withoutView(views, name), { name, href: hrefOf(filters) }]);
}

export function withoutView(views: readonly SavedView[], name: string): readonly SavedView[] {
  return views.filter((view) => view.name !== name.trim());
}

/** Why a view cannot be saved under a name; undefined: it can. */
export function whyNot(views: readonly SavedView[], name: string): string | undefined {
  if (name.trim() === "") return "Type a name.";
  const isNew = views.every((view) => view.name !== name.trim());
  return isNew && views.length >= MOST_VIEWS
    ? `This browser keeps ${MOST_VIEWS} views. Delete one first.`
    : undefined;
}
