// The order of rows that a reader chooses by the head of a column.

import { useMemo, useState } from "react";

export interface Sortable<R> {
  key: string;
  isNumber?: boolean;
  /** What rows are ordered by. Rows without it come last. */
  sortBy?: (row: R) => number | string | undefined;
}

export interface Order {
  key: string;
  isDescending: boolean;
}

/** The order after a head was chosen: numbers largest first, texts from A; then the other way; then none. */
export function nextOrder<R>(order: Order | undefined, column: Sortable<R>): Order | undefined {
  const isLargestFirst = column.isNumber === true;
  if (order?.key !== column.key) return { key: column.key, isDescending: isLargestFirst };
  if (order.isDescending === isLargestFirst) {
    return { key: column.key, isDescending: !isLargestFirst };
  }
  return undefined;
}

/** The rows in an order. Equal ones stay as they were. */
export function ordered<R>(
  rows: readonly R[],
  columns: readonly Sortable<R>[],
  order: Order | undefined,
): readonly R[] {
  const sortBy = columns.find(({ key }) => key === order?.key)?.sortBy;
  if (order === undefined || sortBy === undefined) return rows;
  const sign = order.isDescending ? -1 : 1;
  const known = rows.map((row) => ({ row, value: sortBy(row) }));
  known.sort((a, b) => {
    if (a.value === undefined || b.value === undefined) {
      return Number(a.value === undefined) - Number(b.value === undefined);
    }
    return sign * compare(a.value, b.value);
  });
  return known.map(({ row }) => row);
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}

/** The rows as the reader wants them. */
export function useRowOrder<R>(rows: readonly R[], columns: readonly Sortable<R>[]) {
  const [order, setOrder] = useState<Order>();
  const inOrder = useMemo(() => ordered(rows, columns, order), [rows, columns, order]);
  return { rows: inOrder, order, setOrder };
}
