// The rows of a table as lines below their heads.

import { memo, type ReactNode, useRef } from "react";
import { pxOfRem, widthsIn } from "./fitting-columns";
import { SELECT_REM, SelectAll, SelectRow, useSelectsRows } from "./row-selection";
import { useRowsInSight } from "./rows-in-sight";
import { rowHeadOf, type WindowedColumn } from "./table-column";

interface RowLinesProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  rowRem: number;
  /** How much room there is for the columns. */
  roomRem: number;
  foot: Readonly<Record<string, ReactNode>> | undefined;
}

export function RowLines<R>(props: RowLinesProps<R>) {
  const { label, columns, rows, keyOf, rowRem, roomRem, foot } = props;
  const table = useRef<HTMLTableElement>(null);
  const isSelectable = useSelectsRows();
  const rowPx = rowRem * pxOfRem();
  const { first, end } = useRowsInSight(table, rows.length, rowPx);
  const widths = widthsIn(columns, roomRem);
  const span = columns.length + (isSelectable ? 1 : 0);
  return (
    <table
      ref={table}
      aria-label={label}
      aria-rowcount={rows.length + (foot === undefined ? 1 : 2)}
      className="w-full table-fixed border-separate border-spacing-0"
    >
      <colgroup>
        {isSelectable && <col style={{ width: `${SELECT_REM}rem` }} />}
        {columns.map(({ key }, at) => (
          <col
            key={key}
            style={{ width: widths[at] === undefined ? undefined : `${widths[at]}rem` }}
          />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {isSelectable && (
            <th scope="col" className={`${HEAD_LOOK} text-left`}>
              <SelectAll />
            </th>
          )}
          {columns.map((column, index) => (
            <Head key={column.key} column={column} before={columns[index - 1]} />
          ))}
        </tr>
      </thead>
      <Gap height={first * rowPx} columns={span} />
      <tbody>
        {rows.slice(first, end).map((row, index) => (
          <Row
            key={keyOf(row)}
            columns={columns}
            row={row}
            rowKey={keyOf(row)}
            index={first + index + 2}
            rowRem={rowRem}
            isSelectable={isSelectable}
          />
        ))}
      </tbody>
      <Gap height={(rows.length - end) * rowPx} columns={span} />
      {foot !== undefined && (
        <tfoot>
          <tr aria-rowindex={rows.length + 2} className="h-10 text-muted">
            {isSelectable && <td />}
            {columns.map((column, at) => (
              <Cell
                key={column.key}
                look="px-2 font-medium first:pl-3 last:pr-3"
                isRowHead={column === rowHeadOf(columns)}
                column={column}
                before={columns[at - 1]}
              >
                {foot[column.key]}
              </Cell>
            ))}
          </tr>
        </tfoot>
      )}
    </table>
  );
}

interface RowProps<R> {
  columns: readonly WindowedColumn<R>[];
  row: R;
  rowKey: string;
  index: number;
  rowRem: number;
  isSelectable: boolean;
}

/**
 * A row; one that stays the same is not drawn again while others come into sight. It is what a `RowLink` in it covers, so no
 * cell may be positioned; and only a row with such a link lights up.
 */
const Row = memo(function Row<R>(props: RowProps<R>) {
  const { columns, row, rowKey, index, rowRem, isSelectable } = props;
  const rowHead = rowHeadOf(columns);
  return (
    <tr
      aria-rowindex={index}
      className="group relative has-data-row-link:hover:bg-sunken/60 has-[[data-select-row]:checked]:bg-accent-soft/60 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent"
      style={{ height: `${rowRem}rem` }}
    >
      {isSelectable && (
        <td className={CELL_LOOK}>
          <SelectRow rowKey={rowKey} />
        </td>
      )}
      {columns.map((column, at) => (
        <Cell
          key={column.key}
          look={`${CELL_LOOK} ${column.isFilled ? "" : "truncate"}`}
          isRowHead={column === rowHead}
          column={column}
          before={columns[at - 1]}
        >
          {column.cell(row)}
        </Cell>
      ))}
    </tr>
  );
}) as <R>(props: RowProps<R>) => ReactNode;

const HEAD_LOOK =
  "sticky top-(--heads-top) z-20 h-9 truncate rounded-t-lg border-line border-b bg-surface px-2 font-medium text-muted first:pl-3 last:pr-3";
const CELL_LOOK =
  "border-line/70 border-b px-2 py-0 font-normal first:pl-3 last:pr-3 group-last:border-b-0";

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
  const { head, hint, order, onOrder } = column;
  return (
    <th
      scope="col"
      title={hint}
      aria-sort={onOrder === undefined ? undefined : (order ?? "none")}
      className={`${HEAD_LOOK} ${side({ column, before })}`}
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

function Cell<R>(props: InColumn<R> & { look: string; isRowHead: boolean; children: ReactNode }) {
  const look = `${props.look} ${side(props)}`;
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
