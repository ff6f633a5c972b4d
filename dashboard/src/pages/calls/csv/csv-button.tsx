import { useMutation } from "@tanstack/react-query";
import { useSignedIn } from "../../../auth/session";
import { count } from "../../../format";
import { useServerNow } from "../../../live/live-provider";
import { Button } from "../../../ui/button";
import { ProblemNote } from "../../../ui/problem-note";
import { useSay } from "../../../ui/toasts";
import { saveCsv } from "../../shared/csv";
import type { Filters } from "../filters/filters";
import { listQuery } from "../list/list-query";
import { MAX_ROWS, readCsv } from "./csv-pages";

/** Downloads what the filters name as CSV. */
export function CsvButton({ filters }: { filters: Filters }) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const say = useSay();
  const download = useMutation({
    mutationFn: () => readCsv(listQuery(filters, serverNow())),
    onSuccess: ({ text, isCut }) => {
      const day = new Date(serverNow()).toISOString().slice(0, 10);
      saveCsv(text, `calls-${org}-${filters.view}-${day}.csv`);
      if (isCut) {
        say(
          `The file holds the first ${count(MAX_ROWS)} calls. Choose a shorter time for all of them.`,
        );
      }
    },
  });
  return (
    <>
      <Button disabled={download.isPending} onClick={() => download.mutate()}>
        {download.isPending ? "Loading …" : "Download CSV"}
      </Button>
      <ProblemNote error={download.error} />
    </>
  );
}
