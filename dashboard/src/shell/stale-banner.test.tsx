import { cleanup, render } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { ProblemError } from "../api/problem";
import type { LiveStatus } from "../live/live-provider";
import { ConnectionStatus } from "./connection-status";
import { StaleBanner } from "./stale-banner";

let link: LiveStatus;
vi.mock("../live/live-provider", () => ({ useLiveStatus: () => link }));

afterEach(cleanup);

const problem = new ProblemError(503, "store_failed", "the disk is full", "req-1");

describe("a page that is no longer live", () => {
  it("says since when, that it is tried again, and why", () => {
    expect(said({ problem })).toMatch(
      /^Disconnected 12 s ago\. Reconnecting… Numbers are as of \d\d:\d\d:\d\d: the disk is full \(request req-1\)\.$/,
    );
    expect(said({})).toMatch(
      /^Disconnected 12 s ago\. Reconnecting… Numbers are as of \d\d:\d\d:\d\d\.$/,
    );
  });

  it("does not say that it is tried again when it is not", () => {
    expect(said({ problem, isFinal: true })).toMatch(
      /^Disconnected 12 s ago\. Reload the page to try again\. /,
    );
    const { container } = render(<ConnectionStatus />);
    expect(container.textContent).toBe("Disconnected");
  });

  it("says why to those who hear it, without the seconds that pass", () => {
    said({ problem });
    const alert = document.querySelector('[role="alert"]');
    expect(alert?.textContent).toBe("The numbers are out of date: the disk is full");
  });
});

/** The text of the banner twelve seconds after the last word. */
function said(more: Partial<LiveStatus>): string | null | undefined {
  cleanup();
  link = { state: "stale", sinceMs: Date.now() - 12_500, ...more };
  render(<StaleBanner />);
  return document.querySelector('p[aria-hidden="true"]')?.textContent;
}
