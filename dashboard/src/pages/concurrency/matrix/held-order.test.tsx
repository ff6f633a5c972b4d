import { act, cleanup, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { poolOf } from "../pool.fixture";
import { useHeldOrder } from "./held-order";

const { agents } = poolOf(20, { a: {}, b: {}, c: {} });
const BACK = agents.toReversed();

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function begin() {
  const hook = renderHook(({ rows, asked }) => useHeldOrder(rows, asked), {
    initialProps: { rows: agents, asked: "use" },
  });
  const order = () => hook.result.current.ordered.map(({ id }) => id).join("");
  const { hold } = hook.result.current;
  return { order, hold, become: hook.rerender };
}

test("rows change places now and then, not with each number", () => {
  const { order, become } = begin();
  become({ rows: BACK, asked: "use" });
  expect(order()).toBe("abc");
  act(() => vi.advanceTimersByTime(2_000));
  expect(order()).toBe("cba");
});

test("rows that are pointed at stay until they are left", () => {
  const { order, hold, become } = begin();
  act(() => hold.onPointerEnter());
  become({ rows: BACK, asked: "use" });
  act(() => vi.advanceTimersByTime(10_000));
  expect(order()).toBe("abc");
  act(() => hold.onPointerLeave());
  expect(order()).toBe("cba");
});

test("another order is taken at once, held or not", () => {
  const { order, hold, become } = begin();
  act(() => hold.onFocus());
  become({ rows: BACK, asked: "name" });
  expect(order()).toBe("cba");
});
