import { useMutation } from "@tanstack/react-query";
import { useSignedIn } from "../../../auth/session";
import { count } from "../../../format";
import { useServerNow } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { ProblemNote } from "../../../ui/message/problem-note";
import { useSay } from "../../../ui/message/toast-provider";
import { saveCsv } from "../../shared/csv";
import { type Filters, showsEnded, showsLive } from "../filters/filters";
import { listQuery } from "../list/list-query";
import { MAX_ROWS, readCsv } from "./csv-pages";

/** Downloads what the filters name as CSV: live calls first, then ended ones. */
export function CsvButton({ filters }: { filters: Filters }) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const say = useSay();
  // Live calls are searched here, and the server writes the file.
  const isLivePassedOver =
    showsLive(filters) && (filters.text !== "" || filters.leastWaitS !== undefined);
  const isLive = showsLive(filters) && !isLivePassedOver;
  const isEnded = showsEnded(filters);
  const download = useMutation({
    mutationFn: () => {
      const nowMs = serverNow();
      return readCsv([
        ...(isLive ? [listQuery(filters, "live", nowMs)] : []),
        ...(isEnded ? [listQuery(filters, "ended", nowMs)] : []),
      ]);
    },
    onSuccess: ({ text, isCut }) => {
      const day = new Date(serverNow()).toISOString().slice(0, 10);
      saveCsv(text, `calls-${org}-${filters.view}-${day}.csv`);
      if (isCut) {
        say(
          `The file holds the first ${count(MAX_ROWS)} calls. Choose a shorter time for all of them.`,
        );
      } else if (isLivePassedOver) {
        say("The file holds ended calls only: live ones are not searched for a file.");
      }
    },
  });
  return (
    <>
      <Button
        disabled={download.isPending}
        disabledBecause={
          isLive || isEnded ? undefined : "Clear the search and the wait to download live calls."
        }
        onClick={() => download.mutate()}
      >
        {download.isPending ? "Loading …" : "Download CSV"}
      </Button>
      <ProblemNote error={download.error} />
    </>
  );
}
