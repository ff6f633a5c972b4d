// The messages that are shown, oldest first.

export interface Message {
  id: number;
  sentence: string;
  undo: (() => void) | undefined;
}

/** More than these would hide the page; the oldest give way. */
const MOST_SHOWN = 3;

export type MessageChange = { kind: "said"; message: Message } | { kind: "gone"; id: number };

export function changeMessages(shown: readonly Message[], change: MessageChange): Message[] {
  switch (change.kind) {
    case "said":
      return [...shown, change.message].slice(-MOST_SHOWN);
    case "gone":
      return shown.filter(({ id }) => id !== change.id);
  }
}
