import "../requests.fixture";

import { screen } from "@testing-library/react";
import { lazy, Suspense } from "react";
import { expect, it, vi } from "vitest";
import { serve, showTo } from "../app.fixture";
import { PageGuard } from "./error-boundary";
import { Frame } from "./shell";

it("a page whose script does not come leaves the frame in place, and says what to do", async () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  const Missing = lazy(() => Promise.reject(new TypeError("failed to fetch")));
  serve({});
  showTo(
    "viewer",
    <Frame>
      <PageGuard>
        <Suspense>
          <Missing />
        </Suspense>
      </PageGuard>
    </Frame>,
  );
  expect((await screen.findByRole("alert")).textContent).toContain("load the page again");
  screen.getByRole("button", { name: "Load again" });
  screen.getByRole("link", { name: "Calls" });
  vi.restoreAllMocks();
});
