import type { ReactNode } from "react";

/** A column of a `WindowedTable`. */
export interface WindowedColumn<R> {
  key: string;
  /** A text names the column on a card, too; what is not a text heads the actions. */
  head: ReactNode;
  cell: (row: R) => ReactNode;
  /** In rem, at the least. Columns that say `isWide` share what is left. */
  width: number;
  isWide?: boolean;
  /** Its part of the table, in hundredths, as far as there is more room than all need at the least. */
  percent?: number;
  isNumber?: boolean;
  /** Names its row; without any, the first column does. */
  isRowHead?: boolean;
  /** What the head means, where a word is too short for it. */
  hint?: string;
  /** What it shows fills its cell to the edges, and cuts itself. */
  isFilled?: boolean;
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

/** A card in place of a row, where the one that is made of the columns is not enough. All are equally high. */
export interface OwnCard<R> {
  rem: number;
  show: (row: R) => ReactNode;
}

/** The column that names the rows. */
export function rowHeadOf<R>(columns: readonly WindowedColumn<R>[]): WindowedColumn<R> | undefined {
  return columns.find(({ isRowHead }) => isRowHead) ?? columns[0];
}
