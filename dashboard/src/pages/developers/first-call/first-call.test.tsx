import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { heldIn, press, serve, showTo } from "../../../app.fixture";
import { activeCall, agentOf, callOf, liveOf, setLive } from "../../calls/live.fixture";
import { FirstCall } from "./first-call";

vi.mock("../../../live/live-provider", () => import("../../calls/live.fixture"));

const SECRET = "cs_engine_0f1e2d";

function codeId(): string {
  const code = screen.getByRole("region", { name: "code that starts a call" }).textContent ?? "";
  return /"id":"(first-call-\w+)"/.exec(code)?.[1] ?? "";
}

beforeEach(() => setLive(liveOf([], [agentOf("support")])));

describe("a first call", () => {
  it("has a key made in one step, whose secret is in the code and in no cache", async () => {
    const asked = serve({ "POST /v1/keys": () => ({ id: "key_1", secret: SECRET }) });
    const queries = showTo("admin", <FirstCall />);
    press("Create a key for this");
    await screen.findByText(`export CALLSLOT_KEY=${SECRET}`);
    expect(asked.find(({ line }) => line === "POST /v1/keys")?.body).toEqual({
      name: "first call",
      role: "engine",
      expires_in_s: 604_800,
    });
    expect(heldIn(queries)).not.toContain(SECRET);
  });

  it("is written in the language that was chosen", () => {
    serve({});
    showTo("engine", <FirstCall />);
    fireEvent.change(screen.getByLabelText("Language"), { target: { value: "Python" } });
    expect(screen.getByRole("region", { name: "code that starts a call" }).textContent).toContain(
      "urllib.request",
    );
  });

  it("is shown as it arrives, and ended once", async () => {
    const ended: string[] = [];
    const asked = serve({});
    showTo("engine", <FirstCall />);
    const id = codeId();
    screen.getByText(/Waiting for the call/);
    serve({
      [`POST /v1/calls/${id}/end`]: () => {
        ended.push(id);
        return {};
      },
    });
    setLive(liveOf([callOf("another")], [agentOf("support")]));
    screen.getByText(/Waiting for the call/);
    setLive(liveOf([activeCall(id)], [agentOf("support")]));
    await screen.findByText(/Your call arrived at/);
    await screen.findByText(/It was ended/);
    setLive(liveOf([], [agentOf("support")]));
    screen.getByText(/Your call arrived at/);
    expect(ended).toEqual([id]);
    expect(asked).toEqual([]);
  });

  it("needs an agent first", () => {
    setLive(liveOf([], []));
    serve({});
    showTo("admin", <FirstCall />);
    screen.getByText(/there is none yet/);
  });
});
