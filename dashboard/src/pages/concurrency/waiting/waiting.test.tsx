import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import type { Role } from "../../../domain";
import { show } from "../live.fixture";
import { asked, listed, open, POOL, rowsOf, setUp } from "../page.fixture";
import { poolOf, queuedCall } from "../pool.fixture";

vi.mock("../../../live/live-provider", () => import("../live.fixture"));

setUp();

describe("the calls that wait", () => {
  const QUEUE = [
    queuedCall("c1", { agent: "booking", type: "webcall" }),
    queuedCall("c2", { agent: "gone", blocked_on: "agent_cap", blocked_by: { agent: "gone" } }),
    queuedCall("c3", { agent: "booking", type: "webcall" }),
  ];

  function openWaiting(role: Role = "admin") {
    open(role);
    fireEvent.click(screen.getByRole("tab", { name: /Waiting/ }));
  }

  test("what would make a call wait is said while none does", () => {
    show({ pool: poolOf(20, {}) });
    openWaiting();
    expect(screen.getByText("No calls are waiting")).toBeTruthy();
    expect(location.search).toBe("?tab=waiting");
  });

  test("are listed with the reason as a sentence and an estimate", async () => {
    listed.push({ ...queuedCall("c1"), estimated_wait_ms: 21_000 });
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    await waitFor(() =>
      expect(rowsOf("Waiting calls")).toEqual([
        "1|c1|Booking|Webcall|41 s|All 8 shared slots are busy|about 20 s|End",
        "2|c2|gone|Chat|41 s|gone is at its cap|–|End",
        "3|c3|Booking|Webcall|41 s|All 8 shared slots are busy|–|End",
      ]),
    );
    expect(screen.getByRole("link", { name: "c2" }).getAttribute("href")).toBe("/calls?call=c2");
  });

  test("can be seen by agent and type, and all of one ended", async () => {
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    fireEvent.click(screen.getByRole("button", { name: "By agent and type" }));
    expect(rowsOf("Waiting calls by agent and type")).toEqual([
      "Booking|Webcall|2|1|41 s|All 8 shared slots are busy|–|End all",
      "gone|Chat|1|2|41 s|gone is at its cap|–|End all",
    ]);
    asked.length = 0;
    fireEvent.click(
      screen.getByRole("button", { name: "End all Webcall calls of Booking that wait" }),
    );
    const dialog = await screen.findByRole("alertdialog", {
      name: "End 2 queued calls (Webcall, Booking)?",
    });
    fireEvent.click(within(dialog).getByRole("button", { name: "End 2 queued calls" }));
    await waitFor(() => expect(asked.map(({ url }) => url)).toContain("/v1/calls/end"));
    expect(asked.find(({ url }) => url === "/v1/calls/end")?.body).toEqual({
      agent: "booking",
      type: "webcall",
      state: "queued",
    });
  });

  test("one is ended once that is confirmed", async () => {
    show({ pool: POOL, queue: QUEUE });
    openWaiting();
    fireEvent.click(screen.getByRole("button", { name: "End call c1" }));
    const dialog = await screen.findByRole("alertdialog", { name: "End call c1?" });
    expect(dialog.textContent).toContain("It is queued at position 1.");
    fireEvent.click(within(dialog).getByRole("button", { name: "End call" }));
    await waitFor(() => expect(asked.map(({ url }) => url)).toContain("/v1/calls/c1/end"));
  });

  test("say so when they are more than what is kept here", () => {
    show({ pool: { ...POOL, queued: 30_000 }, queue: [queuedCall("c1")] });
    openWaiting();
    expect(screen.getByText("The first 1 of 30,000 waiting calls.")).toBeTruthy();
  });
});
