import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it } from "vitest";
import { chosen } from "./row-selection";
import { WindowedTable } from "./windowed-table";

afterEach(cleanup);

const KEYS = ["a", "b", "c", "d"];

it.each<[string, string[], string, string | undefined, string]>([
  ["one is chosen", [], "b", undefined, "b"],
  ["one is given up", ["a", "b"], "b", undefined, "a"],
  ["a range downwards", ["b"], "d", "b", "b c d"],
  ["a range upwards", ["d"], "b", "d", "d b c"],
  ["a range that is on in part", ["b", "d"], "d", "b", "b d c"],
  ["a range from a row that has gone", [], "c", "z", "c"],
])("%s", (_name, selected, key, from, expected) => {
  expect([...chosen(KEYS, new Set(selected), key, from)].join(" ")).toBe(expected);
});

function Rows() {
  const [selected, onSelect] = useState<ReadonlySet<string>>(new Set());
  const column = { key: "n", head: "Row", width: 5, cell: (row: string) => row };
  const selection = {
    selected,
    onSelect,
    canSelect: (row: string) => row !== "c",
    labelOf: (key: string) => `Select ${key}`,
    allLabel: "Select all",
  };
  return (
    <>
      <p role="status">{[...selected].join(" ")}</p>
      <WindowedTable
        label="Rows"
        columns={[column]}
        rows={KEYS}
        keyOf={String}
        selection={selection}
      />
    </>
  );
}

const said = () => screen.getByRole("status").textContent;
const box = (name: string) => screen.getByRole<HTMLInputElement>("checkbox", { name });

it("rows are selected by the keyboard alone, those between two with Shift", () => {
  render(<Rows />);
  box("Select a").focus();
  fireEvent.click(box("Select a"));
  fireEvent.keyDown(box("Select a"), { key: "ArrowDown" });
  expect(document.activeElement).toBe(box("Select b"));
  fireEvent.keyDown(box("Select b"), { key: "ArrowDown" });
  expect(document.activeElement).toBe(box("Select d"));
  fireEvent.keyDown(box("Select d"), { key: " ", shiftKey: true });
  expect(said()).toBe("a b d");
  fireEvent.keyDown(box("Select d"), { key: "ArrowUp" });
  expect(document.activeElement).toBe(box("Select b"));
});

it("all that can be are selected at once, and none", () => {
  render(<Rows />);
  fireEvent.click(box("Select b"));
  expect(box("Select all").indeterminate).toBe(true);
  fireEvent.click(box("Select all"));
  expect(said()).toBe("a b d");
  expect(box("Select all").checked).toBe(true);
  fireEvent.click(box("Select all"));
  expect(said()).toBe("");
});

it("a row that cannot be selected has no box", () => {
  render(<Rows />);
  expect(screen.queryByRole("checkbox", { name: "Select c" })).toBeNull();
});
