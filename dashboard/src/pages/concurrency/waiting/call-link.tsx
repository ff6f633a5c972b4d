import { RowLink } from "../../../ui/table/row-link";
import { LongId } from "../../../ui/text/long-id";

/** A call's id as a link that covers its row. */
export function CallLink({ id }: { id: string }) {
  return (
    <RowLink href={`/calls?call=${encodeURIComponent(id)}`} title={id}>
      <LongId id={id} />
    </RowLink>
  );
}
