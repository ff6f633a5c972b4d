// The rows of a table where there is no room for its columns: a card a row, its name and what can be done to it on top.

import { memo, type ReactNode, useRef } from "react";
import { Button } from "../control/button";
import { Select } from "../form/select";
import { pxOfRem } from "./fitting-columns";
import { SelectAll, SelectRow, useSelectsRows } from "./row-selection";
import { useRowsInSight } from "./rows-in-sight";
import { type OwnCard, rowHeadOf, type WindowedColumn } from "./table-column";

interface RowCardsProps<R> {
  label: string;
  columns: readonly WindowedColumn<R>[];
  rows: readonly R[];
  keyOf: (row: R) => string;
  card?: OwnCard<R> | undefined;
}

/** Up to this many cards need no order. */
const FEW = 4;
const TOP_REM = 3;
const LINE_REM = 1.75;
const END_REM = 0.5;

/** A list of cards of the same height, drawn as a table's rows are. */
export function RowCards<R>({ label, columns, rows, keyOf, card }: RowCardsProps<R>) {
  const list = useRef<HTMLUListElement>(null);
  const isSelectable = useSelectsRows();
  const cardRem = card?.rem ?? TOP_REM + lines(partsOf(columns).facts) * LINE_REM + END_REM;
  const cardPx = cardRem * pxOfRem();
  const { first, end } = useRowsInSight(list, rows.length, cardPx);
  return (
    <>
      {(rows.length > FEW || isSelectable) && (
        <OrderChoice columns={rows.length > FEW ? columns : []} />
      )}
      <ul
        ref={list}
        aria-label={label}
        style={{
          paddingTop: `${first * cardPx}px`,
          paddingBottom: `${(rows.length - end) * cardPx}px`,
        }}
      >
        {rows.slice(first, end).map((row, index) => (
          <Card
            key={keyOf(row)}
            columns={columns}
            row={row}
            rowKey={keyOf(row)}
            place={first + index + 1}
            of={rows.length}
            cardRem={cardRem}
            own={card}
            isSelectable={isSelectable}
          />
        ))}
      </ul>
    </>
  );
}

interface CardProps<R> {
  columns: readonly WindowedColumn<R>[];
  row: R;
  rowKey: string;
  place: number;
  of: number;
  cardRem: number;
  own: OwnCard<R> | undefined;
  isSelectable: boolean;
}

const Card = memo(function Card<R>(props: CardProps<R>) {
  const { columns, row, rowKey, place, of, cardRem, own, isSelectable } = props;
  return (
    <li
      aria-posinset={place}
      aria-setsize={of}
      className="group relative border-line/70 border-b px-3 last:border-b-0 has-[[data-row-link]:focus-visible]:-outline-offset-2 has-[[data-row-link]:focus-visible]:outline-2 has-[[data-row-link]:focus-visible]:outline-accent"
      style={{ height: `${cardRem}rem` }}
    >
      {own === undefined ? (
        <Facts columns={columns} row={row} box={isSelectable && <SelectRow rowKey={rowKey} />} />
      ) : (
        own.show(row)
      )}
    </li>
  );
}) as <R>(props: CardProps<R>) => ReactNode;

/** What the columns say of a row, and what can be done to it. */
function Facts<R>(props: { columns: readonly WindowedColumn<R>[]; row: R; box: ReactNode }) {
  const { columns, row, box } = props;
  const { name, facts, actions } = partsOf(columns);
  return (
    <>
      <div className="flex items-center justify-between gap-2" style={{ height: `${TOP_REM}rem` }}>
        {box}
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
            <dt className="min-w-0 shrink-[99] truncate text-muted">{column.head}</dt>
            <dd className="min-w-0 truncate">{column.cell(row)}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** The columns as parts of a card: what names it, what is said of it, and what can be done to it. */
function partsOf<R>(columns: readonly WindowedColumn<R>[]) {
  const name = rowHeadOf(columns);
  const others = columns.filter((column) => column !== name);
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

/** The heads that order rows, as a choice, with a button for the other way round, and the box that selects all. */
function OrderChoice<R>({ columns }: { columns: readonly WindowedColumn<R>[] }) {
  const isSelectable = useSelectsRows();
  const sortable = columns.filter(({ onOrder }) => onOrder !== undefined);
  if (sortable.length === 0 && !isSelectable) return null;
  const now = sortable.find(({ order }) => order !== undefined);
  const choices = sortable.map(({ key, head }) => ({ value: key, label: `By ${head}` }));
  return (
    <div className="flex items-center gap-2 border-line border-b px-3 py-2 [&_label]:min-w-0">
      <SelectAll />
      {sortable.length > 0 && (
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
      )}
      {now !== undefined && (
        <Button kind="quiet" onClick={() => now.onOrder?.()}>
          {now.order === "ascending" ? "Lowest first" : "Highest first"}
        </Button>
      )}
    </div>
  );
}
