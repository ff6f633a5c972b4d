import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { press, serve, showTo, type } from "../../../app.fixture";
import { poolOf } from "../pool.fixture";
import { FirstSteps } from "./first-steps";

vi.mock("../../../live/live-provider", () => import("../../calls/live.fixture"));

const EMPTY = poolOf(20, {});
const ONE = poolOf(20, { support: { name: "Support" } });

function show(pool: typeof EMPTY, role: "admin" | "viewer" = "admin") {
  const reserve = vi.fn();
  cleanup();
  showTo(role, <FirstSteps pool={pool} onReserve={reserve} />);
  return reserve;
}

function steps(): (string | null)[] {
  return screen.queryAllByText(/, done$|, to do$/).map(({ parentElement }) => {
    return parentElement?.textContent ?? null;
  });
}

it("an organisation that was never empty here has no list of steps", () => {
  serve({});
  show(ONE);
  expect(screen.queryByRole("heading", { name: "First steps" })).toBeNull();
});

it("steps tick themselves off, over visits, until they are hidden", async () => {
  const asked = serve({
    "GET /v1/agents/support": () => new Response(null, { status: 404 }),
    "POST /v1/calls": () => ({ id: "call_1" }),
  });
  show(EMPTY);
  expect(steps()).toEqual([
    "Create an agent, to do",
    "Reserve slots for it, to do",
    "Copy a first request, to do",
    "Start a test call, to do",
  ]);
  expect(
    screen.getByRole("button", { name: "Start test call" }).getAttribute("aria-disabled"),
  ).toBe("true");
  const reserve = show(ONE);
  expect(steps()[0]).toBe("Create an agent, done");
  press("Reserve slots for it");
  expect(reserve).toHaveBeenCalledOnce();
  const copied: string[] = [];
  vi.stubGlobal("navigator", {
    clipboard: { writeText: async (text: string) => void copied.push(text) },
  });
  press("Copy request");
  await screen.findByText("Copied a request that starts a call.");
  expect(copied[0]).toContain('"agent":"support"');
  press("Start test call");
  await screen.findByText("Start a test call");
  await vi.waitFor(() => expect(steps()[3]).toBe("Start a test call, done"));
  expect(asked.at(-1)?.body).toEqual({
    agent: "support",
    type: "webcall",
    max_duration_s: 20,
    max_wait_s: 60,
  });
  show(poolOf(20, { support: { reserved: { chat: 2 } } }));
  expect(screen.getByRole("heading", { name: "All first steps are done" })).toBeTruthy();
  press("Hide");
  expect(steps()).toEqual([]);
  show(ONE);
  expect(steps()).toEqual([]);
});

it("an agent is created without leaving the page", async () => {
  serve({});
  show(EMPTY);
  press("Create agent");
  const dialog = await screen.findByRole("dialog");
  type("Name", "Support");
  expect(within(dialog).getByLabelText<HTMLInputElement>("Id").value).toBe("support");
  fireEvent.keyDown(dialog, { key: "Escape" });
});

it("a viewer is told why a step is not theirs", () => {
  serve({});
  show(EMPTY, "viewer");
  const create = screen.getByRole("button", { name: "Create agent" });
  expect(create.getAttribute("aria-disabled")).toBe("true");
});
