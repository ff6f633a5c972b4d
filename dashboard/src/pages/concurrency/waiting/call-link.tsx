import { LongId } from "../../../ui/long-id";
import { RowLink } from "../../../ui/row-link";

/** A call's id as a link that covers its row. */
export function CallLink({ id }: { id: string }) {
  return (
    <RowLink href={`/calls?call=${encodeURIComponent(id)}`} title={id}>
      <LongId id={id} />
    </RowLink>
  );
}
