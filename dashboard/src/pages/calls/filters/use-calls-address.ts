// The page's address as filters and an open call.

import { useMemo } from "react";
import { useLocation, useSearch } from "wouter";
import { type Filters, hrefOf, readCallId, readFilters } from "./filters";

interface CallsAddress {
  filters: Filters;
  /** The call whose panel is open. */
  callId: string | undefined;
  /** Goes to other filters; a search replaces the one before, so that Back does not lead through its letters. */
  show: (filters: Filters) => void;
  openCall: (id: string) => void;
  closeCall: () => void;
}

export function useCallsAddress(): CallsAddress {
  const search = useSearch();
  const [, navigate] = useLocation();
  return useMemo(() => {
    const filters = readFilters(search);
    return {
      filters,
      callId: readCallId(search),
      show: (next) => navigate(hrefOf(next), { replace: next.text !== filters.text }),
      openCall: (id) => navigate(hrefOf(filters, id)),
      closeCall: () => navigate(hrefOf(filters), { replace: true }),
    };
  }, [search, navigate]);
}
