import { cleanup, render } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { LongId } from "./long-id";

afterEach(cleanup);

const ID = "full-support-2026-11-28-000018-a9f18";

it("a long id keeps its end, where ids differ, and is copied whole", () => {
  const { container } = render(<LongId id={ID} />);
  expect(container.textContent).toBe(ID);
  const [start, end] = container.querySelectorAll("span > span");
  expect(start?.className).toContain("truncate");
  expect(end?.className).not.toContain("truncate");
  expect(end?.textContent).toBe("0018-a9f18");
});

it("a short one is not divided", () => {
  const { container } = render(<LongId id="call-1" />);
  expect(container.querySelectorAll("span")).toHaveLength(1);
});
