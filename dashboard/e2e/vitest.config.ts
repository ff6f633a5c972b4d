import { defineConfig } from "vitest/config";

/** What people do, in both browsers. How it looks, and how fast it is, is measured in Chromium. */
const JOURNEYS = [
  "sign-in",
  "live",
  "reservations",
  "calls",
  "gates",
  "history",
  "webhooks-audit",
  "alerts",
];

// Each file starts a server and a browser of its own; two at a time suit the smallest machines.
export default defineConfig({
  test: {
    root: import.meta.dirname,
    environment: "node",
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    reporters: ["default"],
    projects: [
      {
        extends: true,
        test: { name: "chromium", include: ["**/*.e2e.ts"], env: { BROWSER: "chromium" } },
      },
      {
        extends: true,
        test: {
          name: "firefox",
          include: JOURNEYS.map((name) => `${name}.e2e.ts`),
          env: { BROWSER: "firefox" },
        },
      },
    ],
  },
});
