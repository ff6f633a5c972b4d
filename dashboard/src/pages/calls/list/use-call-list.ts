// The calls that the filters ask for: live ones as they are known here, then ended ones as the server lists them, page by page.

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, bodyOf } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useSignedIn } from "../../../auth/session";
import { useLive, useNow, useServerNow } from "../../../live/live-provider";
import { useAgentNames } from "../../shared/agent-names";
import { type Filters, isListedByServer, showsEnded, showsLive } from "../filters/filters";
import { type ListQuery, listQuery, type Part } from "./list-query";
import { type CallRow, listedRows, liveRows, sorted, wanted } from "./rows";

type PageOfCalls = components["schemas"]["Page_Call"];

const PAGE = 100;
/** Calls go on ending: while only the first page is there, it is read again. */
const AGAIN_EVERY_MS = 15_000;
/** By a wait, more and more calls are to be seen while nothing happens. */
const WAITS_EVERY_MS = 5_000;
const HARDLY_EVER_MS = 3_600_000;

export interface CallList {
  /** Undefined: nothing is known yet, or what went wrong is in `error`. */
  rows: readonly CallRow[] | undefined;
  /** How many of the rows are live. */
  live: number;
  /** How many of the rows have ended; undefined: none are asked for. */
  ended: number | undefined;
  /** When the ended ones were read; undefined while others are. */
  asOf: number | undefined;
  /** More live calls than are known here, and so than are searched. */
  unseen: { known: number; all: number } | undefined;
  /** What is shown answers another question, until this one is answered. */
  isOld: boolean;
  isReading: boolean;
  error: Error | null;
  readAgain: () => void;
  /** Undefined: this is all. */
  readMore: (() => void) | undefined;
}

export function useCallList(filters: Filters): CallList {
  const state = useLive((live) => live);
  const names = useAgentNames();
  const nowMs = useNow(filters.leastWaitS === undefined ? HARDLY_EVER_MS : WAITS_EVERY_MS);
  const isLive = showsLive(filters);
  const isListed = isLive && state !== undefined && isListedByServer(filters, state.isComplete);
  const listed = useListed(filters, "live", isListed);
  const isLiveRead = !isLive || (state !== undefined && !isListed);
  const isLiveWhole = isLiveRead || (listed.isRead && !listed.hasNextPage);
  const ended = useListed(filters, "ended", showsEnded(filters) && isLiveWhole);
  const live = useMemo(() => {
    if (!isLive || state === undefined) return [];
    const rows = isListed
      ? listedRows(listed.calls).filter(({ call }) => wanted(filters, nowMs)(call))
      : liveRows(state, filters, nowMs);
    return sorted(rows, filters.sort, names, nowMs);
  }, [isLive, isListed, state, listed.calls, filters, names, nowMs]);
  const past = useMemo(
    () => sorted(listedRows(ended.calls), filters.sort, names, nowMs),
    [ended.calls, filters.sort, names, nowMs],
  );
  const rows = useMemo(() => (past.length === 0 ? live : [...live, ...past]), [live, past]);
  const parts = [listed, ended].filter(({ isWanted }) => isWanted);
  const next = parts.find(({ hasNextPage }) => hasNextPage);
  const isKnown = isLiveRead || listed.isRead || ended.isRead;
  const isAnswered = rows.length > 0 || parts.every(({ isRead }) => isRead);
  return {
    rows: isKnown && isAnswered ? rows : undefined,
    live: live.length,
    ended: showsEnded(filters) ? past.length : undefined,
    asOf: ended.isWanted && ended.isRead && !ended.isOld ? ended.readAt : undefined,
    unseen:
      isLive && !isListed && state !== undefined && !state.isComplete
        ? {
            known: state.queue.length + state.active.size,
            all: state.pool.queued + state.pool.active,
          }
        : undefined,
    isOld: parts.some(({ isOld }) => isOld),
    isReading: parts.some(({ isReading }) => isReading),
    error: parts.find(({ error }) => error !== null)?.error ?? null,
    readAgain: () => {
      for (const part of parts) part.readAgain();
    },
    readMore: next?.readMore,
  };
}

/** A part of the list as the server has it. */
function useListed(filters: Filters, part: Part, isWanted: boolean) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const read = useInfiniteQuery({
    queryKey: ["calls", org, part, { ...filters, sort: undefined, columns: undefined }],
    enabled: isWanted,
    // A later page answers the same question as the first: a span that ends now does not move on.
    initialPageParam: undefined as ListQuery | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query = pageParam ?? { ...listQuery(filters, part, serverNow()), limit: PAGE };
      const page = await bodyOf(api.GET("/v1/calls", { params: { query }, signal }));
      // Texts are for those who ask for CSV.
      return { ...(page as PageOfCalls), query };
    },
    getNextPageParam: ({ next, query }): ListQuery | undefined =>
      next == null ? undefined : { ...query, cursor: next },
    placeholderData: keepPreviousData,
    // All pages would be read again; "Refresh" does it when asked.
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.data?.pages.length === 1 ? AGAIN_EVERY_MS : false),
  });
  const pages = isWanted ? read.data?.pages : undefined;
  const calls = useMemo(() => pages?.flatMap(({ items }) => items) ?? [], [pages]);
  return {
    isWanted,
    calls,
    isRead: pages !== undefined,
    isOld: isWanted && read.isPlaceholderData,
    isReading: isWanted && read.isFetching,
    readAt: read.dataUpdatedAt,
    error: isWanted ? read.error : null,
    hasNextPage: isWanted && read.hasNextPage,
    readAgain: () => void read.refetch(),
    readMore: () => void read.fetchNextPage(),
  };
}
