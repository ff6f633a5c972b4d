// What was typed into a dialog and is not saved yet: a dialog that holds such asks before it closes.

import { createContext, useContext, useEffect } from "react";

/** Tells the dialog around whether something is unsaved in it. */
export const UnsavedContext = createContext<(isUnsaved: boolean) => void>(() => undefined);

/** For a form in a dialog: while `when` is true, Escape, the cross and a press beside the dialog ask first, and so does leaving the page. */
export function Unsaved({ when }: { when: boolean }) {
  const tell = useContext(UnsavedContext);
  useEffect(() => {
    tell(when);
    return () => tell(false);
  }, [tell, when]);
  useEffect(() => {
    if (!when) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [when]);
  return null;
}
