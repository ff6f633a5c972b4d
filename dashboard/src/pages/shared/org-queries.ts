// How organisations and plans are read, made, changed and deleted.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, bodyOf } from "../../api/client";
import type { components } from "../../api/schema";
import type { Org } from "../../domain";

export const ORGS = "orgs";
export const PLANS = "plans";

type Schemas = components["schemas"];

/** Organisations, a thousand at a time; all of them once `isSearching`, because the server searches none. */
export function useOrgs(isSearching: boolean) {
  const orgs = useInfiniteQuery({
    queryKey: [ORGS, "pages"],
    queryFn: ({ pageParam, signal }) => {
      const query: { limit: number; cursor?: string } = { limit: 1000 };
      if (pageParam !== null) query.cursor = pageParam;
      return bodyOf(api.GET("/v1/orgs", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
  });
  const { hasNextPage, isFetching, isError, fetchNextPage } = orgs;
  const pages = orgs.data?.pages.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each page it may go on, even if nobody saw it being read
  useEffect(() => {
    if (isSearching && hasNextPage && !isFetching && !isError) void fetchNextPage();
  }, [isSearching, pages, hasNextPage, isFetching, isError, fetchNextPage]);
  return orgs;
}

/** The plans. */
export function usePlans() {
  return useQuery({
    queryKey: [PLANS],
    queryFn: ({ signal }) =>
      bodyOf(api.GET("/v1/plans", { params: { query: { limit: 1000 } }, signal })),
  });
}

export function createOrg(create: Schemas["OrgCreate"]): Promise<Org> {
  return bodyOf(api.POST("/v1/orgs", { body: create }));
}

export function changeOrg(id: string, patch: Schemas["OrgPatch"]): Promise<Org> {
  return bodyOf(api.PATCH("/v1/orgs/{id}", { params: { path: { id } }, body: patch }));
}

export async function deleteOrg(id: string): Promise<void> {
  await bodyOf(api.DELETE("/v1/orgs/{id}", { params: { path: { id } } }));
}
