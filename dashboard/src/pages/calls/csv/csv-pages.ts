// The CSV of a list of calls, read page by page and joined to one file.

import { csvReader } from "../../shared/csv";
import type { ListQuery } from "../list/list-query";

const PAGE = 1000;
const MAX_PAGES = 50;
/** How many calls a file has at the most. */
export const MAX_ROWS = MAX_PAGES * PAGE;

interface CsvFile {
  text: string;
  /** Whether there was more than fits. */
  isCut: boolean;
}

/** Reads all pages of one list after the other, as far as they fit. */
export async function readCsv(queries: readonly ListQuery[]): Promise<CsvFile> {
  const read = csvReader();
  const left = queries.map(firstPage);
  const pages: string[] = [];
  for (let next = left.shift(); next !== undefined; next = next ?? left.shift()) {
    if (pages.length === MAX_PAGES) return { text: joined(pages), isCut: true };
    const response = await read(next);
    pages.push(await response.text());
    next = nextPage(response.headers.get("link"));
  }
  return { text: joined(pages), isCut: false };
}

/** The address of the first page. */
export function firstPage(query: ListQuery): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) params.set(name, String(value));
  params.set("limit", String(PAGE));
  return `/v1/calls?${params}`;
}

/** The address of the next page, from the header `link`; only ever one of the same list. */
export function nextPage(link: string | null): string | undefined {
  return /^<(\/v1\/calls\?[^>]*)>; rel="next"$/.exec(link ?? "")?.[1];
}

/** One file of several, with one row of names. */
export function joined(pages: readonly string[]): string {
  return pages
    .map((page, index) => (index === 0 ? page : page.slice(page.indexOf("\r\n") + 2)))
    .join("");
}
