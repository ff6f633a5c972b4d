// Selecting rows of a table: with a press or the space bar one by one, with Shift all from the one before, and with the arrow
// keys from box to box.

import {
  createContext,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
  useContext,
  useMemo,
  useRef,
} from "react";
import { ABOVE_ROW_LINK } from "./row-link";

/** Which rows of a table are selected, by their keys. */
export interface Selection<R> {
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  canSelect: (row: R) => boolean;
  /** What the box of a row says. */
  labelOf: (key: string) => string;
  /** What the box says that selects all. */
  allLabel: string;
}

/** How wide the column of boxes is. */
export const SELECT_REM = 2.5;

interface Selecting {
  selected: ReadonlySet<string>;
  /** The rows that can be selected, in their order. */
  keys: ReadonlySet<string>;
  labelOf: (key: string) => string;
  allLabel: string;
  choose: (key: string, isRange: boolean) => void;
  chooseAll: () => void;
}

const Context = createContext<Selecting | undefined>(undefined);

/** Puts the selection where the boxes of the rows find it. */
export function SelectionRows<R>(props: {
  selection: Selection<R> | undefined;
  rows: readonly R[];
  keyOf: (row: R) => string;
  children: ReactNode;
}) {
  const { selection, rows, keyOf } = props;
  const anchor = useRef<string>(undefined);
  const canSelect = selection?.canSelect;
  const keys = useMemo(
    () => new Set(canSelect === undefined ? [] : rows.filter(canSelect).map(keyOf)),
    [canSelect, rows, keyOf],
  );
  const value = useMemo((): Selecting | undefined => {
    if (selection === undefined) return undefined;
    const { selected, onSelect, labelOf, allLabel } = selection;
    const choose = (key: string, isRange: boolean) => {
      const from = isRange ? anchor.current : undefined;
      anchor.current = key;
      onSelect(chosen([...keys], selected, key, from));
    };
    const chooseAll = () => {
      const isAll = [...keys].every((key) => selected.has(key));
      onSelect(new Set(isAll ? [] : keys));
    };
    return { selected, keys, labelOf, allLabel, choose, chooseAll };
  }, [selection, keys]);
  return <Context value={value}>{props.children}</Context>;
}

/** The selection after a row was chosen: it changes, and with it all rows from the one chosen before. */
export function chosen(
  keys: readonly string[],
  selected: ReadonlySet<string>,
  key: string,
  from: string | undefined,
): ReadonlySet<string> {
  const isOn = !selected.has(key);
  const [at, begin] = [keys.indexOf(key), from === undefined ? -1 : keys.indexOf(from)];
  // The row chosen before may have gone meanwhile.
  const range = begin < 0 ? [key] : keys.slice(Math.min(at, begin), Math.max(at, begin) + 1);
  const next = new Set(selected);
  for (const each of range) {
    // With Shift, a row that is on already stays on, and so do those up to it.
    if (isOn || begin >= 0) next.add(each);
    else next.delete(each);
  }
  return next;
}

export function useSelectsRows(): boolean {
  return useContext(Context) !== undefined;
}

const BOX = "size-4 pointer-coarse:size-5 accent-(--accent) align-middle cursor-pointer";

/** The box of a row. */
export function SelectRow({ rowKey }: { rowKey: string }) {
  const selecting = useContext(Context);
  if (selecting === undefined || !selecting.keys.has(rowKey)) return null;
  const press = (event: MouseEvent) => selecting.choose(rowKey, event.shiftKey);
  const hear = (event: KeyboardEvent<HTMLInputElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === " " && event.shiftKey) selecting.choose(rowKey, true);
    else if (step !== undefined) moveFocus(event.currentTarget, step);
    else return;
    event.preventDefault();
  };
  return (
    <input
      type="checkbox"
      data-select-row=""
      aria-label={selecting.labelOf(rowKey)}
      checked={selecting.selected.has(rowKey)}
      onChange={() => undefined}
      onClick={press}
      onKeyDown={hear}
      className={`${BOX} ${ABOVE_ROW_LINK}`}
    />
  );
}

/** The box that selects all rows, or none. */
export function SelectAll() {
  const selecting = useContext(Context);
  if (selecting === undefined) return null;
  const { selected, keys, allLabel, chooseAll } = selecting;
  const on = [...selected].filter((key) => keys.has(key)).length;
  return (
    <input
      ref={(box) => {
        if (box !== null) box.indeterminate = on > 0 && on < keys.size;
      }}
      type="checkbox"
      aria-label={allLabel}
      disabled={keys.size === 0}
      checked={keys.size > 0 && on === keys.size}
      onChange={chooseAll}
      className={BOX}
    />
  );
}

/** To the box of the next row, or of the one before. Some rows out of sight are drawn, so it is there. */
function moveFocus(box: HTMLElement, step: number): void {
  const around = box.closest("table, ul");
  const boxes = [...(around?.querySelectorAll<HTMLElement>("[data-select-row]") ?? [])];
  const next = boxes[boxes.indexOf(box) + step];
  next?.focus();
  next?.scrollIntoView?.({ block: "nearest" });
}
