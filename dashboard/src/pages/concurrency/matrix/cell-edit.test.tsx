import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { show } from "../live.fixture";
import { answers, asked, open, POOL, setUp } from "../page.fixture";
import { poolOf } from "../pool.fixture";

vi.mock("../../../live/live-provider", () => import("../live.fixture"));

setUp();

describe("a number in its cell", () => {
  const cell = () => screen.getByRole("button", { name: "Billing, Chat 1/2" });
  const field = () => screen.getByRole("textbox", { name: "Slots reserved for Chat of Billing" });
  const typed = (value: string) => fireEvent.change(field(), { target: { value } });

  function begin() {
    show({ pool: { ...POOL, version: 7 } });
    open();
    fireEvent.click(cell());
  }

  test("is saved by Enter, and can be taken back", async () => {
    begin();
    typed("4");
    fireEvent.keyDown(field(), { key: "Enter" });
    await screen.findByText(/Saved:/);
    expect(asked.at(-1)).toEqual({
      method: "PUT",
      url: "/v1/reservations",
      ifMatch: '"7"',
      body: { reservations: [{ agent: "billing", webcall: 0, chat: 4, outbound: 0, inbound: 2 }] },
    });
    expect(document.activeElement).toBe(cell());
    const after = {
      billing: { name: "Billing", reserved: { chat: 4, inbound: 2 }, active: { chat: 1 } },
    };
    act(() => show({ pool: poolOf(20, after, { version: 8 }) }));
    fireEvent.click(screen.getByRole("button", { name: "Undo" }));
    await waitFor(() => expect(screen.queryByText(/Saved:/)).toBeNull());
    expect(asked.at(-1)).toMatchObject({
      ifMatch: '"8"',
      body: { reservations: [{ agent: "billing", chat: 2, inbound: 2 }] },
    });
  });

  test("is restored by Escape", () => {
    begin();
    typed("9");
    fireEvent.keyDown(field(), { key: "Escape" });
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(asked).toEqual([]);
    expect(document.activeElement).toBe(cell());
  });

  test.each([
    ["−3", "−3 is below zero. Type 0 or more."],
    ["1.5", "1.5 is not a whole number of slots."],
    ["11", "Only 10 slots are left. Support holds 8, Billing's Inbound 2."],
  ])("that is wrong stays typed and says why: %s", (text, why) => {
    begin();
    typed(text);
    fireEvent.keyDown(field(), { key: "Enter" });
    expect((field() as HTMLInputElement).value).toBe(text);
    expect(screen.getByRole("alert").textContent).toBe(why);
    expect(asked).toEqual([]);
  });

  test("that was changed is not left for another one", () => {
    begin();
    typed("3");
    fireEvent.click(screen.getByRole("button", { name: "Billing, Inbound 0/2" }));
    expect((field() as HTMLInputElement).value).toBe("3");
    expect(screen.getByRole("alert").textContent).toContain("Save this number");
  });

  test("that somebody else changed is not written over unseen", async () => {
    begin();
    typed("4");
    const theirs = poolOf(
      20,
      { billing: { name: "Billing", reserved: { chat: 5 } } },
      { version: 9 },
    );
    answers.push(
      () => Response.json({ code: "version_mismatch", detail: "changed" }, { status: 412 }),
      () => Response.json(theirs),
    );
    fireEvent.keyDown(field(), { key: "Enter" });
    const alert = await screen.findByRole("alert");
    expect(alert.textContent).toBe(
      "Someone else set this to 5 in the meantime. Enter saves 4 all the same, Esc keeps theirs.",
    );
    expect((field() as HTMLInputElement).value).toBe("4");
  });
});
