import "../requests.fixture";

import { screen } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { expect, it, vi } from "vitest";
import { serve, showTo } from "../app.fixture";
import { ErrorBoundary } from "./error-boundary";
import { Shell } from "./shell";

it("a page whose script does not come leaves the frame in place, and says what to do", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const Missing = lazy(() => Promise.reject(new TypeError("failed to fetch")));
  serve({});
  showTo(
    "viewer",
    <Shell>
      <ErrorBoundary>
        <Suspense>
          <Missing />
        </Suspense>
      </ErrorBoundary>
    </Shell>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("reload the page");
  screen.getByRole("button", { name: "Reload" });
  screen.getByRole("link", { name: "Calls" });
  vi.restoreAllMocks();
});
