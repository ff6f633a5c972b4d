import { act, renderHook } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import type { ReserveFor } from "../address";
import { useDiscard } from "./use-discard";

function begin(reserveFor: ReserveFor | undefined) {
  const [onOpen, onClose] = [vi.fn(), vi.fn()];
  const hook = renderHook(
    (address: { reserveFor: ReserveFor | undefined }) =>
      useDiscard({ ...address, onOpen, onClose }),
    { initialProps: { reserveFor } },
  );
  const goTo = (next: ReserveFor | undefined) => hook.rerender({ reserveFor: next });
  return { now: () => hook.result.current, goTo, onOpen, onClose };
}

const SALES = { agent: "sales" };

test("a form in which nothing was typed is left at once", () => {
  const { now, onClose } = begin(SALES);
  act(() => now().leave());
  expect(onClose).toHaveBeenCalledOnce();
});

test("one with something typed is left when that is confirmed", () => {
  const { now, onClose } = begin(SALES);
  act(() => now().setTyped(true));
  act(() => now().leave());
  expect(now().isAsking).toBe(true);
  act(() => now().keep());
  expect([now().isAsking, onClose.mock.calls.length]).toEqual([false, 0]);
  act(() => now().leave());
  act(() => now().discard());
  expect(onClose).toHaveBeenCalledOnce();
});

test("when the address leaves it, it stays and asks, and can be named again", () => {
  const { now, goTo, onOpen } = begin(SALES);
  act(() => now().setTyped(true));
  goTo(undefined);
  expect([now().open, now().isAsking]).toEqual([SALES, true]);
  act(() => now().keep());
  expect(onOpen).toHaveBeenCalledWith(SALES);
  goTo(SALES);
  expect(now().isAsking).toBe(false);
});

test("given up after the address left it, it is gone", () => {
  const { now, goTo, onClose } = begin(SALES);
  act(() => now().setTyped(true));
  goTo({ agent: "support" });
  act(() => now().discard());
  expect(now().open).toEqual({ agent: "support" });
  expect(onClose).not.toHaveBeenCalled();
});
