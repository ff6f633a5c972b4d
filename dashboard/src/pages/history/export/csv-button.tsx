import { useMutation } from "@tanstack/react-query";
import { useSignedIn } from "../../../auth/session";
import { Button } from "../../../ui/control/button";
import { saveCsv } from "../../shared/csv";
import { type Figures, readCsv } from "../figures/read-figures";
import type { Span } from "../span/span";
import { fileName } from "./file-name";

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
    onSuccess: (csv) => saveCsv(csv, fileName(org, span, "csv")),
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
