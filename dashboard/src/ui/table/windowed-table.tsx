// A table as long as its rows: the page scrolls, the heads stick to the top, and only the rows in sight are drawn once there
// are many. Its columns are as wide as they say, so that nothing moves when numbers or rows do. No column is ever cut: where
// there is no room for all, the less important ones are left out, or each row becomes a card with all of them.

import { type ReactNode, useMemo, useRef } from "react";
import { closer, useDensity } from "./density";
import { fittingColumns, useWidthRem } from "./fitting-columns";
import { RowCards } from "./row-cards";
import { RowLines } from "./row-lines";
import { nextOrder, useRowOrder } from "./row-order";
import { SELECT_REM, type Selection, SelectionRows } from "./row-selection";
import type { OwnCard, WindowedColumn } from "./table-column";

interface WindowedTableProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** How high a row is, in rem: one line, unless it says otherwise; less where the reader chose compact rows. */
  rowRem?: number;
  /** The last row, by the columns' keys. */
  foot?: Readonly<Record<string, ReactNode>>;
  card?: OwnCard<R>;
  /** Lets rows be selected. */
  selection?: Selection<R> | undefined;
  /** It is in a card that has a frame already. */
  isFramed?: boolean;
}

/** A table of any length. */
export function WindowedTable<R>(props: WindowedTableProps<R>) {
  const { label, columns: told, rows: given, keyOf, foot, card, selection } = props;
  const rowRem = closer(props.rowRem ?? 2.5, useDensity()[0]);
  const frame = useRef<HTMLDivElement>(null);
  const roomRem = useWidthRem(frame) - (selection === undefined ? 0 : SELECT_REM);
  const { rows, order, setOrder } = useRowOrder(given, told);
  const columns = useMemo(
    () =>
      told.map((column): WindowedColumn<R> => {
        if (column.onOrder !== undefined || column.sortBy === undefined) return column;
        const direction = order?.isDescending ? "descending" : "ascending";
        return {
          ...column,
          order: order?.key === column.key ? direction : undefined,
          onOrder: () => setOrder(nextOrder(order, column)),
        };
      }),
    [told, order, setOrder],
  );
  const shown = useMemo(() => fittingColumns(columns, roomRem), [columns, roomRem]);
  return (
    <div
      ref={frame}
      className={props.isFramed ? "" : "rounded-lg border border-line bg-surface shadow-card"}
    >
      <SelectionRows selection={selection} rows={rows} keyOf={keyOf}>
        {shown === undefined ? (
          <RowCards label={label} columns={columns} rows={rows} keyOf={keyOf} card={card} />
        ) : (
          <RowLines
            label={label}
            columns={shown}
            rows={rows}
            keyOf={keyOf}
            rowRem={rowRem}
            roomRem={roomRem}
            foot={foot}
          />
        )}
      </SelectionRows>
    </div>
  );
}
