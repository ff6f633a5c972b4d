import { fireEvent, screen, within } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { press, refusal, serve, showTo, type } from "../../../app.fixture";
import { useLive } from "../../../live/live-provider";
import { agentOf, liveOf, setLive } from "../../calls/live.fixture";
import { ChooseAgent } from "./choose-agent";

vi.mock("../../../live/live-provider", () => import("../../calls/live.fixture"));

const chosen = vi.fn();

function Choice() {
  return <ChooseAgent agents={useLive((live) => live.pool.agents) ?? []} onChoose={chosen} />;
}

it("an agent that is created here is chosen once the pool has it", async () => {
  const asked = serve({
    "GET /v1/agents/night-shift": () => refusal(404, "unknown_agent", "no agent has this id"),
    "PUT /v1/agents/night-shift": () => Response.json({}, { status: 201 }),
  });
  setLive(liveOf([], []));
  showTo("admin", <Choice />);
  press("Create agent");
  const dialog = await screen.findByRole("dialog", { name: "Create agent" });
  type("Name", "Night shift");
  fireEvent.click(within(dialog).getByRole("button", { name: "Create agent" }));
  await screen.findByText("Agent Night shift was created.");
  expect(asked.map(({ line }) => line)).toContain("PUT /v1/agents/night-shift");
  expect(chosen).not.toHaveBeenCalled();
  setLive(liveOf([], [agentOf("night-shift", { name: "Night shift" })]));
  expect(chosen.mock.calls).toEqual([["night-shift"]]);
});

it("a viewer is told why none can be created", () => {
  serve({});
  setLive(liveOf([], [agentOf("support")]));
  showTo("viewer", <Choice />);
  const create = screen.getByRole("button", { name: "Create agent" });
  expect(create.getAttribute("aria-disabled")).toBe("true");
});
