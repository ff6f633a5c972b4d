// A table that draws only the rows in sight once there are many. Its columns are as wide as they say, so that nothing moves
// when numbers or rows do. Rows are one line high.

import {
  type CSSProperties,
  memo,
  type ReactNode,
  type RefObject,
  useLayoutEffect,
  useRef,
  useState,
} from "react";

export interface WindowedColumn<R> {
  key: string;
  head: ReactNode;
  cell: (row: R) => ReactNode;
  /** In rem, at the least. Columns that say `isWide` share what is left. */
  width: number;
  isWide?: boolean;
  isNumber?: boolean;
  /** Left out where the screen is narrow. */
  isExtra?: boolean;
  /** How the rows are ordered by it; undefined: not by this column. */
  order?: "ascending" | "descending" | undefined;
  /** Orders the rows by it. */
  onOrder?: () => void;
}

const ROW_REM = 2.5;
/** Up to this many rows, all are drawn. */
const FEW = 100;
/** This many rows beyond those in sight are drawn at either end, for fast scrolling. */
const BEYOND = 8;

interface WindowedTableProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
}

/** A table of any length, which scrolls within itself. */
export function WindowedTable<R>({ label, columns, rows, keyOf }: WindowedTableProps<R>) {
  const scroller = useRef<HTMLElement>(null);
  const { first, end, rowPx } = useInSight(scroller, rows.length);
  return (
    <section
      ref={scroller}
      aria-label={label}
      tabIndex={0}
      className="relative max-h-[max(22rem,calc(100dvh-17rem))] overflow-auto overscroll-x-contain rounded-lg border border-line bg-surface shadow-card"
    >
      <table
        aria-label={label}
        aria-rowcount={rows.length + 1}
        className="w-full min-w-(--narrow) table-fixed border-separate border-spacing-0 sm:min-w-(--wide)"
        style={widths(columns)}
      >
        <colgroup>
          {columns.map(({ key, width, isWide, isExtra }) => (
            <col
              key={key}
              className={isExtra ? "max-sm:hidden" : ""}
              style={isWide ? {} : { width: `${width}rem` }}
            />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column, index) => (
              <Head key={column.key} column={column} before={columns[index - 1]} />
            ))}
          </tr>
        </thead>
        <Gap height={first * rowPx} />
        <tbody>
          {rows.slice(first, end).map((row, index) => (
            <Row key={keyOf(row)} columns={columns} row={row} index={first + index + 2} />
          ))}
        </tbody>
        <Gap height={(rows.length - end) * rowPx} />
      </table>
    </section>
  );
}

interface RowProps<R> {
  columns: readonly WindowedColumn<R>[];
  row: R;
  index: number;
}

/**
 * A row; one that stays the same is not drawn again while others come into sight. It is what a `RowLink` in it covers, so no
 * cell may be positioned; and only a row with such a link lights up.
 */
const Row = memo(function Row<R>({ columns, row, index }: RowProps<R>) {
  return (
    <tr
      aria-rowindex={index}
      className="group relative has-data-row-link:hover:bg-sunken/60 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent"
      style={{ height: `${ROW_REM}rem` }}
    >
      {columns.map((column, at) => (
        <Cell key={column.key} column={column} before={columns[at - 1]} row={row} />
      ))}
    </tr>
  );
}) as <R>(props: RowProps<R>) => ReactNode;

interface InColumn<R> {
  column: WindowedColumn<R>;
  before: WindowedColumn<R> | undefined;
}

/** Whether it is left out, and which side it keeps to: a text keeps away from a number that ends where it begins. */
function look<R>({ column, before }: InColumn<R>): string {
  const hidden = column.isExtra ? "max-sm:hidden" : "";
  if (column.isNumber) return `${hidden} text-right`;
  return before?.isNumber ? `${hidden} pl-5 text-left` : `${hidden} text-left`;
}

/** How wide the table is at the least, in its two forms. */
function widths<R>(columns: readonly WindowedColumn<R>[]): CSSProperties {
  const sum = (of: readonly WindowedColumn<R>[]) => of.reduce((rem, { width }) => rem + width, 0);
  const narrow = sum(columns.filter(({ isExtra }) => !isExtra));
  return { "--wide": `${sum(columns)}rem`, "--narrow": `${narrow}rem` } as CSSProperties;
}

function Head<R>({ column, before }: InColumn<R>) {
  const { head, order, onOrder } = column;
  return (
    <th
      scope="col"
      aria-sort={onOrder === undefined ? undefined : (order ?? "none")}
      className={`sticky top-0 z-20 h-9 truncate border-line border-b bg-surface px-2 font-medium text-muted first:pl-3 last:pr-3 ${look({ column, before })}`}
    >
      {onOrder === undefined ? (
        head
      ) : (
        <button type="button" onClick={onOrder} className="-mx-1 rounded px-1 hover:text-text">
          {head}
          <span aria-hidden="true">{order && (order === "ascending" ? " ↑" : " ↓")}</span>
        </button>
      )}
    </th>
  );
}

function Cell<R>({ column, before, row }: InColumn<R> & { row: R }) {
  return (
    <td
      className={`truncate border-line/70 border-b px-2 py-0 first:pl-3 last:pr-3 group-last:border-b-0 ${look({ column, before })}`}
    >
      {column.cell(row)}
    </td>
  );
}

/** Takes the place of rows out of sight. */
function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td className="p-0" style={{ height: `${height}px` }} />
      </tr>
    </tbody>
  );
}

/** The rows to draw: those in sight of the scroller and some beyond, or all while they are few. */
function useInSight(scroller: RefObject<HTMLElement | null>, rows: number) {
  const isLong = rows > FEW;
  const [top, setTop] = useState(0);
  const [inSight, setInSight] = useState(0);
  const rowPx = rowHeight();
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!isLong || element === null) return;
    const look = () => {
      setTop(Math.floor(element.scrollTop / rowPx));
      setInSight(Math.ceil(element.clientHeight / rowPx) + 1);
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      element.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [scroller, isLong, rowPx]);
  if (!isLong) return { first: 0, end: rows, rowPx };
  // What became shorter may be scrolled beyond its end for a moment.
  const first = Math.max(0, Math.min(top, rows - inSight) - BEYOND);
  return { first, end: Math.min(rows, top + inSight + BEYOND), rowPx };
}

/** A row's height in pixels: it follows the reader's size of type. */
function rowHeight(): number {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return ROW_REM * (Number.isFinite(size) && size > 0 ? size : 16);
}
