import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { RowMenu } from "./menu";

afterEach(cleanup);

const edit = vi.fn();
const remove = vi.fn();

it("opens by the arrow keys, at the end that they point to, and goes round", () => {
  const button = menu();
  fireEvent.keyDown(button, { key: "ArrowDown" });
  expect(focused()).toBe("Edit");
  key("ArrowUp");
  expect(focused()).toBe("Remove");
  key("ArrowDown");
  expect(focused()).toBe("Edit");
  key("Escape");
  fireEvent.keyDown(button, { key: "ArrowUp" });
  expect(focused()).toBe("Remove");
});

it("finds an item by its first letter", () => {
  fireEvent.keyDown(menu(), { key: "ArrowDown" });
  key("r");
  expect(focused()).toBe("Remove");
});

it("gives the focus back by Escape, and when something was chosen", () => {
  const button = menu();
  fireEvent.click(button);
  key("Escape");
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button);
  fireEvent.click(button);
  fireEvent.click(screen.getByRole("menuitem", { name: "Remove" }));
  expect(remove).toHaveBeenCalledOnce();
  expect(screen.queryByRole("menu")).toBeNull();
  expect(document.activeElement).toBe(button);
});

it("closes when something beside it is pressed", () => {
  fireEvent.click(menu());
  fireEvent.pointerDown(document.body);
  expect(screen.queryByRole("menu")).toBeNull();
});

it("does nothing for an item that is barred, and stays open", () => {
  fireEvent.click(menu("This requires the role admin."));
  const item = screen.getByRole("menuitem", { name: /^Edit/ });
  expect(item.textContent).toContain("This requires the role admin.");
  fireEvent.click(item);
  expect(edit).not.toHaveBeenCalled();
  expect(screen.getByRole("menu")).toBeDefined();
});

function menu(barred?: string): HTMLElement {
  edit.mockClear();
  remove.mockClear();
  render(
    <RowMenu
      label="Sales"
      actions={[
        { label: "Edit", onSelect: edit, disabledBecause: barred },
        { label: "Remove", onSelect: remove },
      ]}
    />,
  );
  return screen.getByRole("button", { name: "Sales" });
}

function key(name: string): void {
  fireEvent.keyDown(document.activeElement ?? document.body, { key: name });
}

function focused(): string | null | undefined {
  return document.activeElement?.textContent;
}
