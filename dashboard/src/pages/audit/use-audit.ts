import { useInfiniteQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { AuditEntry } from "../../api/named";
import { useSignedIn } from "../../auth/session";

export const AUDIT = "audit";

export interface AuditFilter {
  action: AuditEntry["action"] | undefined;
  actor: string | undefined;
}

/** The changes, newest first, a page at a time. */
export function useAudit({ action, actor }: AuditFilter, isAllowed: boolean) {
  const { org } = useSignedIn();
  return useInfiniteQuery({
    queryKey: [AUDIT, org, action, actor],
    enabled: isAllowed,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: 100,
        ...(action !== undefined && { action }),
        ...(actor !== undefined && { actor }),
        ...(pageParam !== null && { cursor: pageParam }),
      };
      return bodyOf(api.GET("/v1/audit", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next ?? null,
  });
}
