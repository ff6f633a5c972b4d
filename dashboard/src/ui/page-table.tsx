// A table as long as its rows: the page scrolls, the heads stick to the top. Only the rows in sight are drawn once there are
// many. Its columns are as wide as they say, so that nothing moves when numbers or rows do.

import { memo, type ReactNode, useRef } from "react";
import { usePageWindow } from "./page-window";
import { remToPx } from "./row-height";

export interface PageColumn<R> {
  key: string;
  head: ReactNode;
  cell: (row: R) => ReactNode;
  /** As CSS has it. Columns without one share what is left. */
  width?: string;
  isNumber?: boolean;
  /** Names its row. */
  isRowHead?: boolean;
  /** How the rows are ordered by it; undefined: not by this column. */
  order?: "ascending" | "descending" | undefined;
  /** Orders the rows by it. */
  onOrder?: () => void;
}

interface PageTableProps<R> {
  label: string;
  columns: readonly PageColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  /** The last row, by the columns' keys. */
  foot?: Readonly<Record<string, ReactNode>>;
}

const ROW_REM = 3;

export function PageTable<R>({ label, columns, rows, keyOf, foot }: PageTableProps<R>) {
  const table = useRef<HTMLTableElement>(null);
  const rowPx = remToPx(ROW_REM);
  const { first, end } = usePageWindow(table, rows.length, rowPx);
  return (
    <table
      ref={table}
      aria-label={label}
      aria-rowcount={rows.length + (foot === undefined ? 1 : 2)}
      className="w-full table-fixed border-separate border-spacing-0"
    >
      <colgroup>
        {columns.map(({ key, width }) => (
          <col key={key} style={width === undefined ? {} : { width }} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {columns.map((column, at) => (
            <Head key={column.key} column={column} before={columns[at - 1]} />
          ))}
        </tr>
      </thead>
      <Gap height={first * rowPx} columns={columns.length} />
      <tbody>
        {rows.slice(first, end).map((row, index) => (
          <Row key={keyOf(row)} columns={columns} row={row} index={first + index + 2} />
        ))}
      </tbody>
      <Gap height={(rows.length - end) * rowPx} columns={columns.length} />
      {foot !== undefined && <Foot columns={columns} foot={foot} index={rows.length + 2} />}
    </table>
  );
}

interface RowProps<R> {
  columns: readonly PageColumn<R>[];
  row: R;
  index: number;
}

/** A row; one that stays the same is not drawn again while others come into sight or change. */
const Row = memo(function Row<R>({ columns, row, index }: RowProps<R>) {
  return (
    <tr
      aria-rowindex={index}
      className="group relative hover:bg-sunken/60 has-[a:focus-visible]:-outline-offset-2 has-[a:focus-visible]:outline-2 has-[a:focus-visible]:outline-accent"
      style={{ height: `${ROW_REM}rem` }}
    >
      {columns.map((column, at) => {
        const Cell = column.isRowHead ? "th" : "td";
        return (
          <Cell
            key={column.key}
            {...(column.isRowHead && { scope: "row" })}
            className={`border-line/70 border-b px-2 py-0 font-normal first:pl-4 last:pr-3 ${side(column, columns[at - 1])}`}
          >
            {column.cell(row)}
          </Cell>
        );
      })}
    </tr>
  );
}) as <R>(props: RowProps<R>) => ReactNode;

function Head<R>(props: { column: PageColumn<R>; before: PageColumn<R> | undefined }) {
  const { head, order, onOrder } = props.column;
  return (
    <th
      scope="col"
      aria-sort={onOrder === undefined ? undefined : (order ?? "none")}
      className={`sticky top-0 z-10 h-9 truncate border-line border-y bg-surface px-2 font-medium text-muted first:pl-4 last:pr-3 ${side(props.column, props.before)}`}
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

function Foot<R>(props: {
  columns: readonly PageColumn<R>[];
  foot: Readonly<Record<string, ReactNode>>;
  index: number;
}) {
  const { columns, foot, index } = props;
  return (
    <tfoot>
      <tr aria-rowindex={index} className="h-10 text-muted">
        {columns.map((column, at) => {
          const Cell = column.isRowHead ? "th" : "td";
          return (
            <Cell
              key={column.key}
              {...(column.isRowHead && { scope: "row" })}
              className={`px-2 font-medium first:pl-4 last:pr-3 ${side(column, columns[at - 1])}`}
            >
              {foot[column.key]}
            </Cell>
          );
        })}
      </tr>
    </tfoot>
  );
}

/** The side a column keeps to: a text keeps away from a number that ends where it begins. */
function side<R>({ isNumber }: PageColumn<R>, before: PageColumn<R> | undefined): string {
  if (isNumber) return "text-right";
  return before?.isNumber ? "pl-5 text-left" : "text-left";
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
