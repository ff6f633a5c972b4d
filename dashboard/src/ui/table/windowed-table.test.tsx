import { cleanup, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { RowLink } from "./row-link";
import { WindowedTable } from "./windowed-table";

// Rows are 40 px high, and ten of them are in sight.
const ROW = 40;
const IN_SIGHT = 10;

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("a table", () => {
  it("draws all rows while they are few", () => {
    open(100);
    expect(drawn()).toEqual(range(0, 100));
  });

  it("draws only the rows in sight, and some beyond, when they are many", () => {
    open(1000);
    expect(drawn()[0]).toBe(0);
    expect(drawn().length).toBeGreaterThanOrEqual(IN_SIGHT);
    expect(drawn().length).toBeLessThan(4 * IN_SIGHT);
    scrollTo(500);
    expect(drawn()).toEqual(expect.arrayContaining(range(500, IN_SIGHT)));
    expect(drawn().length).toBeLessThan(4 * IN_SIGHT);
    scrollTo(990);
    expect(drawn().at(-1)).toBe(999);
  });

  it("is as high as all its rows, wherever it is scrolled to", () => {
    open(1000);
    for (const row of [0, 1, 500, 990]) {
      scrollTo(row);
      expect(gapsPx() + drawn().length * ROW).toBe(1000 * ROW);
    }
  });

  it("shows the last rows when it becomes shorter than it is scrolled", () => {
    const { rerender } = open(1000);
    scrollTo(990);
    rerender(table(200));
    expect(drawn().at(-1)).toBe(199);
    expect(gapsPx() + drawn().length * ROW).toBe(200 * ROW);
  });

  it("tells each row's place among all", () => {
    open(1000);
    scrollTo(500);
    const row = screen.getByRole("rowheader", { name: "500" }).closest("tr");
    expect(row?.getAttribute("aria-rowindex")).toBe("502");
  });
});

describe("a table that is narrower than its columns", () => {
  const name = { key: "name", head: "Name", width: 10, cell: (row: number) => `agent ${row}` };
  const columns = [
    { ...name, sortBy: (row: number) => `agent ${row}` },
    { key: "extra", head: "Extra", width: 10, extra: 1, cell: () => "more" },
    {
      key: "use",
      head: "In use",
      width: 10,
      isNumber: true,
      sortBy: (row: number) => row,
      cell: (row: number) => row,
    },
    { key: "do", head: <i>Actions</i>, width: 5, cell: () => <button type="button">End</button> },
  ];
  const shown = (
    <WindowedTable label="Agents" columns={columns} rows={[1, 5, 2, 3, 4]} keyOf={String} />
  );
  const narrow = (rem: number) =>
    vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(rem * 16);

  it("leaves out a column that says it may be", () => {
    narrow(30);
    render(shown);
    const heads = screen.getAllByRole("columnheader").map(({ textContent }) => textContent);
    expect(heads).toEqual(["Name", "In use", "Actions"]);
  });

  it("is a list of cards that say and do the same", () => {
    narrow(20);
    render(shown);
    expect(screen.queryByRole("table")).toBeNull();
    const cards = within(screen.getByRole("list", { name: "Agents" })).getAllByRole("listitem");
    expect(cards.map(({ textContent }) => textContent)).toEqual([
      "agent 1EndExtramoreIn use1",
      "agent 5EndExtramoreIn use5",
      "agent 2EndExtramoreIn use2",
      "agent 3EndExtramoreIn use3",
      "agent 4EndExtramoreIn use4",
    ]);
  });

  it("is sorted by heads, and as cards by a choice", () => {
    const { unmount } = render(shown);
    fireEvent.click(screen.getByRole("button", { name: "In use" }));
    const heads = () => screen.getAllByRole("rowheader").map(({ textContent }) => textContent);
    expect(heads()).toEqual(["agent 5", "agent 4", "agent 3", "agent 2", "agent 1"]);
    expect(screen.getByRole("columnheader", { name: /In use/ }).ariaSort).toBe("descending");
    unmount();
    narrow(20);
    render(shown);
    fireEvent.change(screen.getByLabelText("Order"), { target: { value: "use" } });
    expect(screen.getAllByRole("listitem")[0]?.textContent).toContain("agent 5");
    fireEvent.click(screen.getByRole("button", { name: "Highest first" }));
    expect(screen.getAllByRole("listitem")[0]?.textContent).toContain("agent 1");
  });
});

describe("a row that is a link", () => {
  it("is covered by its link from end to end: no cell around the link is positioned", () => {
    const column = {
      key: "n",
      head: "Number",
      width: 5,
      cell: (row: number) => <RowLink href={`/calls?call=${row}`}>{row}</RowLink>,
    };
    render(<WindowedTable label="Numbers" columns={[column]} rows={[7]} keyOf={String} />);
    const link = screen.getByRole("link", { name: "7" });
    expect(link.className).toContain("after:inset-0");
    const around = positioned(link.parentElement, []);
    expect(around.map(({ tagName }) => tagName)[0]).toBe("TR");
  });

  it("alone lights up: a row that leads nowhere does not", () => {
    open(1);
    const row = screen.getByRole("rowheader").closest("tr");
    expect(row?.className).toContain("has-data-row-link:hover:");
    expect(row?.className).not.toMatch(/(^| )hover:/);
  });
});

/** The elements around one that an absolute child would be placed in, the nearest first. */
function positioned(element: Element | null, found: Element[]): Element[] {
  if (element === null) return found;
  const isOne = /(^|[ :])(relative|absolute|fixed|sticky)( |$)/.test(element.className);
  return positioned(element.parentElement, isOne ? [...found, element] : found);
}

function table(rows: number) {
  const column = { key: "n", head: "Number", width: 5, cell: (row: number) => row };
  return <WindowedTable label="Numbers" columns={[column]} rows={range(0, rows)} keyOf={String} />;
}

function open(rows: number) {
  vi.stubGlobal("innerHeight", IN_SIGHT * ROW);
  return render(table(rows));
}

function range(first: number, length: number): number[] {
  return Array.from({ length }, (_, index) => first + index);
}

/** The page is scrolled so that this row is at its top. */
function scrollTo(row: number): void {
  vi.spyOn(Element.prototype, "getBoundingClientRect").mockReturnValue(
    new DOMRect(0, -row * ROW, 800, 0),
  );
  fireEvent.scroll(window);
}

function drawn(): number[] {
  return screen.getAllByRole("rowheader").map((cell) => Number(cell.textContent));
}

function gapsPx(): number {
  const gaps = document.querySelectorAll<HTMLElement>('[aria-hidden="true"] td');
  return [...gaps].reduce((sum, { style }) => sum + Number.parseFloat(style.height), 0);
}
