import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, it, vi } from "vitest";
import { doing } from "../form/submit-button";
import { Confirm, Dialog } from "./dialog";
import { Unsaved } from "./unsaved";

afterEach(cleanup);

it("closes at once while nothing was typed", async () => {
  const { onClose } = open();
  fireEvent.keyDown(field(), { key: "Escape" });
  await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});

it.each([
  ["Escape", () => fireEvent.keyDown(field(), { key: "Escape" })],
  ["the cross", () => fireEvent.click(screen.getByRole("button", { name: "Close" }))],
])("asks before %s discards what was typed, and keeps it", async (_, close) => {
  const { onClose } = open();
  fireEvent.change(field(), { target: { value: "Sales" } });
  close();
  await screen.findByText("Discard what you typed?");
  fireEvent.click(screen.getByText("Keep editing"));
  await waitFor(() => expect(screen.queryByText("Discard what you typed?")).toBeNull());
  expect(onClose).not.toHaveBeenCalled();
  expect(field().value).toBe("Sales");
  close();
  fireEvent.click(await screen.findByText("Discard"));
  expect(onClose).toHaveBeenCalledOnce();
});

it("a page with something unsaved asks before it is left", () => {
  open();
  expect(leave()).toBe(false);
  fireEvent.change(field(), { target: { value: "Sales" } });
  expect(leave()).toBe(true);
});

it("an action that runs is named so", () => {
  const about = { isOpen: true, error: null, onConfirm: vi.fn(), onClose: vi.fn() };
  render(<Confirm title="?" consequence="!" action="Delete agent" isBusy {...about} />);
  screen.getByText("Deleting…");
  expect(["Save", "Create key", "Do"].map(doing)).toEqual(["Saving…", "Creating…", "Working…"]);
});

/** Whether the browser would ask before it leaves the page. */
function leave(): boolean {
  return !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
}

function field(): HTMLInputElement {
  return screen.getByLabelText("Name");
}

function open() {
  const onClose = vi.fn();
  render(
    <Dialog title="Edit" isOpen onClose={onClose}>
      <Form />
    </Dialog>,
  );
  return { onClose };
}

function Form() {
  const [name, setName] = useState("");
  return (
    <>
      <Unsaved when={name !== ""} />
      <input aria-label="Name" value={name} onChange={(event) => setName(event.target.value)} />
    </>
  );
}

it("alone can be reached while it is open, and gives the focus back", async () => {
  render(<Page />);
  const opener = screen.getByText("Edit it");
  opener.focus();
  fireEvent.click(opener);
  expect(screen.getByRole("dialog").contains(document.activeElement)).toBe(true);
  expect(opener.closest("[inert]")).not.toBeNull();
  fireEvent.keyDown(document.body, { key: "Escape" });
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(opener.closest("[inert]")).toBeNull();
  await waitFor(() => expect(document.activeElement).toBe(opener));
});

it("keeps Tab inside", () => {
  open();
  field().focus();
  fireEvent.keyDown(field(), { key: "Tab" });
  expect(document.activeElement?.getAttribute("aria-label")).toBe("Close");
  fireEvent.keyDown(document.activeElement ?? document.body, { key: "Tab", shiftKey: true });
  expect(document.activeElement).toBe(field());
});

function Page() {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Edit it
      </button>
      <Dialog title="Edit" isOpen={isOpen} onClose={() => setOpen(false)}>
        <Form />
      </Dialog>
    </>
  );
}
