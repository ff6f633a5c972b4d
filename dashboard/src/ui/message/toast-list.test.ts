import { expect, it } from "vitest";
import { changeMessages, type Message } from "./toast-list";

const message = (id: number): Message => ({ id, sentence: `number ${id}`, undo: undefined });

it("shows the last three, and lets one go", () => {
  let shown: Message[] = [];
  for (const id of [1, 2, 3, 4])
    shown = changeMessages(shown, { kind: "said", message: message(id) });
  expect(shown.map(({ id }) => id)).toEqual([2, 3, 4]);
  expect(changeMessages(shown, { kind: "gone", id: 3 }).map(({ id }) => id)).toEqual([2, 4]);
});
