import { fireEvent, screen } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { show } from "../live.fixture";
import { open, setUp } from "../page.fixture";
import { poolOf } from "../pool.fixture";

vi.mock("../../../live/live-provider", () => import("../live.fixture"));

setUp();

describe("advice", () => {
  const advice = () => screen.queryByRole("region", { name: "What helps" });

  test("takes no place while nobody waits", () => {
    show({ pool: poolOf(20, { a: { active: { chat: 4 } } }) });
    open();
    expect(advice()).toBeNull();
  });

  test("is one sentence and one button, which opens the panel with what it says", async () => {
    show({
      pool: poolOf(10, {
        guest: { name: "Guest", active: { chat: 4 }, queued: { chat: 2 } },
        capped: { name: "Capped", cap: 0, queued: { chat: 1 } },
        support: { name: "Support", reserved: { inbound: 6 }, active: { inbound: 1 } },
      }),
    });
    open();
    expect(advice()?.textContent).toBe(
      "2 chats of Guest wait because all 4 shared slots are in use, while Support keeps 5 reserved slots idle.Free 2 from Support1 more",
    );
    fireEvent.click(screen.getByRole("button", { name: "1 more" }));
    expect(advice()?.textContent).toContain(
      "1 chat of Capped waits because the cap of Capped is 0.",
    );
    fireEvent.click(screen.getByRole("button", { name: "Free 2 from Support" }));
    await screen.findByRole("dialog", { name: "Reserve slots for Support" });
    const inbound = screen.getByRole("textbox", { name: "Inbound" }) as HTMLInputElement;
    expect(inbound.value).toBe("4");
    expect(screen.getByRole("button", { name: "Save" }).getAttribute("aria-disabled")).toBeNull();
  });

  test("names the next step to who may take it", () => {
    show({ pool: poolOf(4, { a: { active: { chat: 4 }, queued: { chat: 2 } } }) });
    const { unmount } = open("operator");
    expect(screen.getByRole("link", { name: "Raise the limit" }).getAttribute("href")).toBe(
      "/organisations",
    );
    unmount();
    open("admin");
    expect(screen.queryByRole("link", { name: "Raise the limit" })).toBeNull();
    const button = screen.getByRole("button", { name: "Raise the limit" });
    expect(button.getAttribute("aria-description")).toBe(
      "Ask the operator of this server to raise the limit.",
    );
  });
});
