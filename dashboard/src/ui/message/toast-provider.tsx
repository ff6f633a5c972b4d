import {
  createContext,
  type Dispatch,
  type ReactNode,
  useCallback,
  useContext,
  useReducer,
} from "react";
import { changeMessages, type Message, type MessageChange } from "./toast-list";

interface SayOptions {
  /** Takes back what was done; the sentence then has a button Undo. */
  undo?: () => void;
}

type Say = (sentence: string, options?: SayOptions) => void;

const Shown = createContext<readonly Message[]>([]);
const Change = createContext<Dispatch<MessageChange>>(() => undefined);

let lastId = 0;

/** Keeps the messages of `useSay` for the `Toasts` in it. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [shown, change] = useReducer(changeMessages, []);
  return (
    <Change value={change}>
      <Shown value={shown}>{children}</Shown>
    </Change>
  );
}

/** Says in a corner that something was done. Failures are said where they happened. */
export function useSay(): Say {
  const change = useContext(Change);
  return useCallback(
    (sentence, { undo } = {}) => {
      lastId += 1;
      change({ kind: "said", message: { id: lastId, sentence, undo } });
    },
    [change],
  );
}

export function useMessages() {
  return { shown: useContext(Shown), change: useContext(Change) };
}
