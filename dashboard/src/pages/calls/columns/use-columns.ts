// Which columns this browser shows: those of the address, those chosen before, or the usual ones.

import { useStored } from "../../shared/stored";
import type { Filters } from "../filters/filters";
import { type ColumnName, DEFAULT_COLUMNS, knownColumns } from "./column-names";

export interface ChosenColumns {
  columns: readonly ColumnName[];
  /** Undefined: the usual ones. */
  choose: (columns: readonly ColumnName[] | undefined) => void;
}

export function useColumns(filters: Filters, onShow: (filters: Filters) => void): ChosenColumns {
  const [kept, keep] = useStored("callslot.calls.columns", knownColumns);
  const choose = (columns: readonly ColumnName[] | undefined) => {
    keep(columns);
    // An address that names columns would go on showing them.
    if (filters.columns !== undefined) onShow({ ...filters, columns: undefined });
  };
  return { columns: filters.columns ?? kept ?? DEFAULT_COLUMNS, choose };
}
