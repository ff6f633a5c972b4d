import { LongId } from "../text/long-id";
import type { WindowedColumn } from "./table-column";

/** The column of ids, which goes first where there is no room for all. */
export function idColumn<R extends { id: string }>(width: number): WindowedColumn<R> {
  return {
    key: "id",
    head: "Id",
    isLong: true,
    extra: 6,
    sortBy: ({ id }) => id,
    width,
    cell: ({ id }) => (
      <span className="text-muted">
        <LongId id={id} />
      </span>
    ),
  };
}
