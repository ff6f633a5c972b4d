import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import { useSignedIn } from "../../auth/session";
import type { Recent } from "../../domain";

const EVERY_MS = 60_000;

/** The last hour by the minute; undefined until it is read, and while it cannot be. */
export function useRecent(): Recent | undefined {
  const { org } = useSignedIn();
  const { data, isError } = useQuery({
    queryKey: ["concurrency", org, "recent"],
    queryFn: ({ signal }) => bodyOf(api.GET("/v1/concurrency/recent", { signal })),
    refetchInterval: EVERY_MS,
    // One of the table and one of the tiles ask for the same.
    staleTime: EVERY_MS / 2,
    retry: false,
  });
  return isError ? undefined : data;
}
