import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Tip } from "./tip";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("shows on hover after a moment, stays while the pointer is over its words, and goes", () => {
  const button = shown();
  fireEvent.pointerEnter(button, { pointerType: "mouse" });
  expect(screen.queryByRole("tooltip")).toBeNull();
  pass(200);
  const tip = screen.getByRole("tooltip");
  fireEvent.pointerLeave(button);
  fireEvent.pointerEnter(tip, { pointerType: "mouse" });
  pass(1_000);
  expect(screen.getByRole("tooltip").textContent).toBe("Only admins may.");
  fireEvent.pointerLeave(tip);
  pass(1_000);
  expect(screen.queryByRole("tooltip")).toBeNull();
});

it("goes by Escape", () => {
  fireEvent.pointerEnter(shown(), { pointerType: "mouse" });
  pass(200);
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(screen.queryByRole("tooltip")).toBeNull();
});

it("is told to a screen reader, and leaves the control its own handlers", () => {
  const onPointerEnter = vi.fn();
  const button = shown(onPointerEnter);
  expect(button.getAttribute("aria-description")).toBe("Only admins may.");
  fireEvent.pointerEnter(button, { pointerType: "touch" });
  pass(1_000);
  expect(onPointerEnter).toHaveBeenCalledOnce();
  expect(screen.queryByRole("tooltip")).toBeNull();
});

function shown(onPointerEnter?: () => void): HTMLElement {
  render(
    <Tip text="Only admins may.">
      <button type="button" onPointerEnter={onPointerEnter}>
        Save
      </button>
    </Tip>,
  );
  return screen.getByRole("button", { name: "Save" });
}

function pass(ms: number): void {
  act(() => vi.advanceTimersByTime(ms));
}
