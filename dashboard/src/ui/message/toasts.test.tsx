import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ToastProvider, useSay } from "./toast-provider";
import { Toasts } from "./toasts";

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

it("stands bottom left, above panels, and is read out", () => {
  say("Saved.");
  const { className } = screen.getByRole("region", { name: "Messages" });
  expect(className).toContain("left-4");
  expect(className).toContain("z-50");
  expect(screen.getByText("Saved.").closest("[aria-live=polite]")).not.toBeNull();
});

it("has no Undo unless there is something to undo", () => {
  say("Saved.");
  expect(screen.queryByText("Undo")).toBeNull();
});

it("can be undone for ten seconds, and goes when it was", () => {
  const undo = vi.fn();
  say("Saved.", undo);
  act(() => vi.advanceTimersByTime(10_000));
  fireEvent.click(screen.getByText("Undo"));
  expect(undo).toHaveBeenCalledOnce();
  act(() => vi.advanceTimersByTime(1_000));
  expect(screen.queryByText("Undo")).toBeNull();
});

function say(sentence: string, undo?: () => void): void {
  render(
    <ToastProvider>
      <Sayer sentence={sentence} undo={undo} />
      <Toasts />
    </ToastProvider>,
  );
  fireEvent.click(screen.getByText("Say it"));
}

function Sayer({ sentence, undo }: { sentence: string; undo: (() => void) | undefined }) {
  const say = useSay();
  return (
    <button type="button" onClick={() => say(sentence, undo && { undo })}>
      Say it
    </button>
  );
}
