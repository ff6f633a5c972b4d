import { fireEvent, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { press, refusal, serve, showTo } from "../../../app.fixture";
import { EndCalls } from "./end-calls";

vi.mock("../../../live/live-provider", () => import("../live.fixture"));

const CALLS = { queued: 3, active: 0, asks: [{ ids: ["a", "b"] }, { ids: ["c"] }] };

it("what fails says so, and goes on where it stopped", async () => {
  let isBroken = true;
  const asked = serve({
    "POST /v1/calls/end": ({ body }) => {
      const { ids } = body as { ids: string[] };
      if (ids.includes("c") && isBroken) return refusal(503, "store_failed", "it cannot write");
      return { ended: ids.length };
    },
  });
  const [onEnded, onClose] = [vi.fn(), vi.fn()];
  showTo("engine", <EndCalls calls={CALLS} onClose={onClose} onEnded={onEnded} />);
  press("End 3 queued calls");
  await screen.findByText(/It cannot write/);
  expect(onClose).not.toHaveBeenCalled();
  isBroken = false;
  press("End 3 queued calls");
  await screen.findByText("3 calls ended.");
  expect(asked.map(({ body }) => (body as { ids: string[] }).ids)).toEqual([
    ["a", "b"],
    ["c"],
    ["c"],
  ]);
  expect(onEnded).toHaveBeenCalledOnce();
  expect(onClose).toHaveBeenCalledOnce();
});

it("nothing is sent when it is not confirmed", () => {
  const asked = serve({});
  const onClose = vi.fn();
  showTo("engine", <EndCalls calls={CALLS} onClose={onClose} />);
  fireEvent.click(screen.getByRole("button", { name: "Cancel" }));
  expect(onClose).toHaveBeenCalledOnce();
  expect(asked).toEqual([]);
});
