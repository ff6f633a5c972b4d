import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, bodyOf } from "../../../api/client";
import type { components } from "../../../api/schema";
import { useBarred, useSignedIn } from "../../../auth/session";
import type { Call } from "../../../domain";
import { clock, counted } from "../../../format";
import { useServerNow } from "../../../live/live-provider";
import { Button } from "../../../ui/button";
import { Loading } from "../../../ui/page";
import { ProblemNote } from "../../../ui/problem-note";
import { WindowedTable } from "../../../ui/windowed-table";
import { useAgentNames } from "../../shared/agent-names";
import type { Filters } from "../filters/filters";
import { callColumns } from "./call-columns";
import { type ListQuery, listQuery } from "./list-query";
import { NoCalls } from "./no-calls";
import { listedRows } from "./rows";

type PageOfCalls = components["schemas"]["Page_Call"];

const PAGE = 100;

interface ListedCallsProps {
  filters: Filters;
  onEnd: (call: Call) => void;
}

/** Calls as the server lists them, page by page. */
export function ListedCalls({ filters, onEnd }: ListedCallsProps) {
  const names = useAgentNames();
  const barred = useBarred("engine");
  const listed = useListedCalls(filters);
  const columns = useMemo(
    () => callColumns({ filters, names, barred, onEnd }),
    [filters, names, barred, onEnd],
  );
  const rows = useMemo(
    () => listedRows(listed.data?.pages.flatMap((page) => page.items) ?? []),
    [listed.data],
  );
  if (listed.isPending) return <Loading what="calls" />;
  if (listed.data === undefined) {
    return (
      <div className="flex flex-col items-start gap-2">
        <ProblemNote error={listed.error} />
        <Button onClick={() => listed.refetch()}>Try again</Button>
      </div>
    );
  }
  const isAll = listed.hasNextPage ? "so far" : "in all";
  const extent = `${counted(rows.length, "call")} ${isAll}, as of ${clock(listed.dataUpdatedAt)}`;
  return (
    <div
      aria-busy={listed.isPlaceholderData}
      className={`flex flex-col gap-2 transition-opacity ${listed.isPlaceholderData ? "opacity-50" : ""}`}
    >
      {rows.length === 0 ? (
        <NoCalls filters={filters} />
      ) : (
        <WindowedTable label="Calls" columns={columns} rows={rows} keyOf={({ call }) => call.id} />
      )}
      <ProblemNote error={listed.error} />
      <div className="flex flex-wrap items-center justify-between gap-2 text-muted">
        <p>{listed.isPlaceholderData ? "Loading …" : extent}</p>
        <div className="flex gap-2">
          <Button disabled={listed.isFetching} onClick={() => listed.refetch()}>
            Refresh
          </Button>
          {listed.hasNextPage && (
            <Button disabled={listed.isFetching} onClick={() => listed.fetchNextPage()}>
              {listed.isFetchingNextPage ? "Loading …" : "Show more"}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}

function useListedCalls(filters: Filters) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  return useInfiniteQuery({
    queryKey: ["calls", org, "listed", { ...filters, sort: undefined }],
    // A later page answers the same question as the first: a span that ends now does not move on.
    initialPageParam: undefined as ListQuery | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const query: ListQuery = pageParam ?? { ...listQuery(filters, serverNow()), limit: PAGE };
      const page = await bodyOf(api.GET("/v1/calls", { params: { query }, signal }));
      // Texts are for those who ask for CSV.
      return { ...(page as PageOfCalls), query };
    },
    getNextPageParam: ({ next, query }): ListQuery | undefined =>
      next == null ? undefined : { ...query, cursor: next },
    placeholderData: keepPreviousData,
    // All pages would be read again; "Refresh" does it when asked.
    refetchOnWindowFocus: false,
  });
}
