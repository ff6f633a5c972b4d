import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { api, bodyOf } from "../../../api/client";
import { useSignedIn } from "../../../auth/session";
import type { ReservationsPreview } from "../../../domain";
import type { Slots } from "./draft";

/** What somebody would save: an agent's slots, for a version of the reservations. */
export interface Unsaved {
  agent: string;
  slots: Slots;
  version: number;
}

/** The server is asked after a pause of this length in typing. */
const PAUSE_MS = 250;
/** Calls go on meanwhile. */
const EVERY_MS = 5_000;

interface Previewed {
  preview: ReservationsPreview | undefined;
  /** It is of numbers that were there before, while the answer for these is awaited. */
  isOld: boolean;
}

/** What saving would lead to, as the server says; nothing for undefined, and where it says nothing. */
export function usePreview(unsaved: Unsaved | undefined): Previewed {
  const { org } = useSignedIn();
  const text = unsaved === undefined ? undefined : JSON.stringify(unsaved);
  const settled = useSettled(text);
  const { data, isError, isPlaceholderData } = useQuery({
    queryKey: ["reservations preview", org, settled],
    queryFn: ({ signal }) => ask(settled, signal),
    enabled: text !== undefined && settled !== undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => state.status !== "error" && EVERY_MS,
    // It holds for the moment of asking.
    gcTime: 0,
    staleTime: 0,
    retry: false,
  });
  if (text === undefined) return { preview: undefined, isOld: false };
  return {
    preview: isError ? undefined : data,
    isOld: isPlaceholderData || settled !== text,
  };
}

function ask(unsaved: string | undefined, signal: AbortSignal): Promise<ReservationsPreview> {
  const { agent, slots, version } = JSON.parse(unsaved ?? "") as Unsaved;
  return bodyOf(
    api.POST("/v1/reservations/preview", {
      params: { header: { "if-match": `"${version}"` } },
      body: { reservations: [{ agent, ...slots }] },
      signal,
    }),
  );
}

/** A text once it has stayed the same for a pause; the first one at once. */
function useSettled(text: string | undefined): string | undefined {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
