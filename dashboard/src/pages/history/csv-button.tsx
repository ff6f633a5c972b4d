import { useMutation } from "@tanstack/react-query";
import { useSignedIn } from "../../session";
import { Button } from "../../ui/button";
import { saveCsv } from "../csv";
import { csvName } from "./csv-name";
import { type Figures, readCsv } from "./read-figures";
import type { Span } from "./span";

/** Downloads the points that are shown as the server writes them as CSV. */
export function CsvButton(props: {
  figures: Figures | undefined;
  span: Span;
  onError: (error: Error | null) => void;
}) {
  const { figures, span, onError } = props;
  const { org } = useSignedIn();
  const download = useMutation({
    mutationFn: (of: Figures) => readCsv(of),
    onMutate: () => onError(null),
    onSuccess: (csv) => saveCsv(csv, csvName(org, span)),
    onError,
  });
  return (
    <Button
      disabledBecause={figures === undefined ? "There is nothing to download yet." : undefined}
      disabled={download.isPending}
      onClick={() => figures !== undefined && download.mutate(figures)}
    >
      Download CSV
    </Button>
  );
}
