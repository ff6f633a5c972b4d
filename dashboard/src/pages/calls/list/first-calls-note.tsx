import { count } from "../../../format";
import { Note } from "../../../ui/note";

/** Says that there are more live calls than are kept here, and how to see the others. */
export function FirstCallsNote({ shown, all }: { shown: number; all: number }) {
  return (
    <Note kind="warning">
      Only the first {count(shown)} of {count(all)} live calls are shown. Choose an agent or a type:
      its calls are then read from the server, page by page.
    </Note>
  );
}
