// The rows of a table where there is no room for its columns: a card a row, its name and what can be done to it on top.

import { memo, type ReactNode, useRef } from "react";
import { Button } from "./button";
import { pxOfRem } from "./fitting-columns";
import { useRowsInSight } from "./rows-in-sight";
import { Select } from "./select";
import type { WindowedColumn } from "./windowed-table";

interface RowCardsProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
}

/** Up to this many cards need no order. */
const FEW = 4;
const TOP_REM = 3;
const LINE_REM = 1.75;
const END_REM = 0.5;

/** A list of cards of the same height, drawn as a table's rows are. */
export function RowCards<R>({ label, columns, rows, keyOf }: RowCardsProps<R>) {
  const list = useRef<HTMLUListElement>(null);
  const parts = partsOf(columns);
  const cardRem = TOP_REM + lines(parts.facts) * LINE_REM + END_REM;
  const cardPx = cardRem * pxOfRem();
  const { first, end } = useRowsInSight(list, rows.length, cardPx);
  return (
    <>
      {rows.length > FEW && <OrderChoice columns={columns} />}
      <ul
        ref={list}
        aria-label={label}
        style={{
          paddingTop: `${first * cardPx}px`,
          paddingBottom: `${(rows.length - end) * cardPx}px`,
        }}
      >
        {rows.slice(first, end).map((row) => (
          <Card key={keyOf(row)} columns={columns} row={row} cardRem={cardRem} />
        ))}
      </ul>
    </>
  );
}

interface CardProps<R> {
  columns: readonly WindowedColumn<R>[];
  row: R;
  cardRem: number;
}

const Card = memo(function Card<R>({ columns, row, cardRem }: CardProps<R>) {
  const { name, facts, actions } = partsOf(columns);
  return (
    <li
      className="group relative border-line/70 border-b px-3 last:border-b-0 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent"
      style={{ height: `${cardRem}rem` }}
    >
      <div className="flex items-center justify-between gap-2" style={{ height: `${TOP_REM}rem` }}>
        <div className="min-w-0 flex-1 truncate font-medium">{name?.cell(row)}</div>
        {actions.map((column) => (
          <div key={column.key} className="shrink-0">
            {column.cell(row)}
          </div>
        ))}
      </div>
      <dl className="grid grid-flow-row-dense grid-cols-2 gap-x-5">
        {facts.map((column) => (
          <div
            key={column.key}
            className={`flex min-w-0 items-center justify-between gap-2 ${isLong(column) ? "col-span-2" : ""}`}
            style={{ height: `${LINE_REM}rem` }}
          >
            <dt className="min-w-0 truncate text-muted">{column.head}</dt>
            <dd className="min-w-0 truncate">{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </li>
  );
}) as <R>(props: CardProps<R>) => ReactNode;

/** The columns as parts of a card: what names it, what is said of it, and what can be done to it. */
function partsOf<R>(columns: readonly WindowedColumn<R>[]) {
  const [name, ...others] = columns;
  const isFact = ({ head }: WindowedColumn<R>) => typeof head === "string";
  return {
    name,
    facts: others.filter(isFact),
    actions: others.filter((column) => !isFact(column)),
  };
}

function isLong<R>({ isWide, isLong }: WindowedColumn<R>): boolean {
  return isWide === true || isLong === true;
}

function lines<R>(facts: readonly WindowedColumn<R>[]): number {
  const long = facts.filter(isLong).length;
  return long + Math.ceil((facts.length - long) / 2);
}

/** The heads that order rows, as a choice, with a button for the other way round. */
function OrderChoice<R>({ columns }: { columns: readonly WindowedColumn<R>[] }) {
  const sortable = columns.filter(({ onOrder }) => onOrder !== undefined);
  if (sortable.length === 0) return null;
  const now = sortable.find(({ order }) => order !== undefined);
  const choices = sortable.map(({ key, head }) => ({ value: key, label: `By ${head}` }));
  return (
    <div className="flex items-center gap-2 border-line border-b px-3 py-2 [&_label]:min-w-0">
      <Select
        label="Order"
        isLabelHidden
        value={now?.key ?? ""}
        choices={[
          ...(now === undefined ? [{ value: "", label: "Default order" }] : []),
          ...choices,
        ]}
        onChange={(chosen) => sortable.find(({ key }) => key === chosen)?.onOrder?.()}
      />
      {now !== undefined && (
        <Button kind="quiet" onClick={() => now.onOrder?.()}>
          {now.order === "ascending" ? "Lowest first" : "Highest first"}
        </Button>
      )}
    </div>
  );
}
