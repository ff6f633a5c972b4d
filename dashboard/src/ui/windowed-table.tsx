// A table as long as its rows: the page scrolls, the heads stick to the top, and only the rows in sight are drawn once there
// are many. Its columns are as wide as they say, so that nothing moves when numbers or rows do. No column is ever cut: where
// there is no room for all, the less important ones are left out, or each row becomes a card with all of them.

import { memo, type ReactNode, useMemo, useRef } from "react";
import { fittingColumns, pxOfRem, useWidthRem } from "./fitting-columns";
import { RowCards } from "./row-cards";
import { nextOrder, useRowOrder } from "./row-order";
import { useRowsInSight } from "./rows-in-sight";

export interface WindowedColumn<R> {
  key: string;
  /** A text names the column on a card, too; what is not a text heads the actions. */
  head: ReactNode;
  cell: (row: R) => ReactNode;
  /** In rem, at the least. Columns that say `isWide` share what is left. */
  width: number;
  isWide?: boolean;
  isNumber?: boolean;
  /** On a card, it has a line of its own. */
  isLong?: boolean;
  /** Left out where there is no room for all; those with a higher number go first. */
  extra?: number;
  /** What the rows can be ordered by here; undefined for rows without it. */
  sortBy?: (row: R) => number | string | undefined;
  /** Where the page orders the rows itself: how they are by this column. */
  order?: "ascending" | "descending" | undefined;
  /** Orders the rows by it, where the page does. */
  onOrder?: () => void;
}

interface WindowedTableProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** How high a row is, in rem: one line, unless it says otherwise. */
  rowRem?: number;
}

/** A table of any length. Its first column names the row. */
export function WindowedTable<R>({
  label,
  columns: told,
  rows: given,
  keyOf,
  rowRem = 2.5,
}: WindowedTableProps<R>) {
  const frame = useRef<HTMLDivElement>(null);
  const roomRem = useWidthRem(frame);
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
  const Rows = shown === undefined ? RowCards : RowLines;
  return (
    <div ref={frame} className="rounded-lg border border-line bg-surface shadow-card">
      <Rows label={label} columns={shown ?? columns} rows={rows} keyOf={keyOf} rowRem={rowRem} />
    </div>
  );
}

type RowLinesProps<R> = Required<WindowedTableProps<R>>;

function RowLines<R>({ label, columns, rows, keyOf, rowRem }: RowLinesProps<R>) {
  const table = useRef<HTMLTableElement>(null);
  const rowPx = rowRem * pxOfRem();
  const { first, end } = useRowsInSight(table, rows.length, rowPx);
  return (
    <table
      ref={table}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      className="w-full table-fixed border-separate border-spacing-0"
    >
      <colgroup>
        {columns.map(({ key, width, isWide }) => (
          <col key={key} style={isWide ? {} : { width: `${width}rem` }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column, index) => (
            <Head key={column.key} column={column} before={columns[index - 1]} />
          ))}
        </tr>
      </thead>
      <Gap height={first * rowPx} columns={columns.length} />
      <tbody>
        {rows.slice(first, end).map((row, index) => (
          <Row
            key={keyOf(row)}
            columns={columns}
            row={row}
            index={first + index + 2}
            rowRem={rowRem}
          />
        ))}
      </tbody>
      <Gap height={(rows.length - end) * rowPx} columns={columns.length} />
    </table>
  );
}

interface RowProps<R> {
  columns: readonly WindowedColumn<R>[];
  row: R;
  index: number;
  rowRem: number;
}

/**
 * A row; one that stays the same is not drawn again while others come into sight. It is what a `RowLink` in it covers, so no
 * cell may be positioned; and only a row with such a link lights up.
 */
const Row = memo(function Row<R>({ columns, row, index, rowRem }: RowProps<R>) {
  return (
    <tr
      aria-rowindex={index}
      className="group relative has-data-row-link:hover:bg-sunken/60 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent"
      style={{ height: `${rowRem}rem` }}
    >
      {columns.map((column, at) => (
        <Cell key={column.key} isRowHead={at === 0} column={column} before={columns[at - 1]}>
          {column.cell(row)}
        </Cell>
      ))}
    </tr>
  );
}) as <R>(props: RowProps<R>) => ReactNode;

interface InColumn<R> {
  column: WindowedColumn<R>;
  before: WindowedColumn<R> | undefined;
}

/** Which side it keeps to: a text keeps away from a number that ends where it begins. */
function side<R>({ column, before }: InColumn<R>): string {
  if (column.isNumber) return "text-right";
  return before?.isNumber ? "pl-5 text-left" : "text-left";
}

function Head<R>({ column, before }: InColumn<R>) {
  const { head, order, onOrder } = column;
  return (
    <th
      scope="col"
      aria-sort={onOrder === undefined ? undefined : (order ?? "none")}
      className={`sticky top-(--heads-top) z-20 h-9 truncate rounded-t-lg border-line border-b bg-surface px-2 font-medium text-muted first:pl-3 last:pr-3 ${side({ column, before })}`}
    >
      {onOrder === undefined ? (
        head
      ) : (
        <button
          type="button"
          onClick={onOrder}
          className="-mx-1 h-8 rounded px-1 hover:text-text focus-visible:-outline-offset-2"
        >
          {head}
          <span aria-hidden="true">{order && (order === "ascending" ? " ↑" : " ↓")}</span>
        </button>
      )}
    </th>
  );
}

function Cell<R>(props: InColumn<R> & { isRowHead: boolean; children: ReactNode }) {
  const look = `truncate border-line/70 border-b px-2 py-0 font-normal first:pl-3 last:pr-3 group-last:border-b-0 ${side(props)}`;
  if (!props.isRowHead) return <td className={look}>{props.children}</td>;
  return (
    <th scope="row" className={look}>
      {props.children}
    </th>
  );
}

/** Takes the place of rows out of sight. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td colSpan={columns} className="p-0" style={{ height: `${height}px` }} />
      </tr>
    </tbody>
  );
}
