import { count } from "../../../format";
import { Note } from "../../../ui/message/note";

/** Says that there are more live calls than are known here, and how to see the others. */
export function FirstCallsNote({ known, all }: { known: number; all: number }) {
  return (
    <Note kind="warning">
      Only the first {count(known)} of {count(all)} live calls are shown and searched. Choose an
      agent or a type: its calls are then read from the server, page by page.
    </Note>
  );
}
