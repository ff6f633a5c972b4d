import { useEffect, useState } from "react";
import type { ReserveFor } from "../address";

/** Keeps a form with something typed in it open until that is saved or given up, also when the address leaves it. */
export function useDiscard(props: {
  reserveFor: ReserveFor | undefined;
  onOpen: (reserveFor: ReserveFor) => void;
  onClose: () => void;
}) {
  const { reserveFor, onOpen, onClose } = props;
  const [held, setHeld] = useState(reserveFor);
  const [isTyped, setTyped] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const isElsewhere = !isSame(reserveFor, held);
  if (isElsewhere && !isTyped) setHeld(reserveFor);
  useEffect(() => {
    if (!isTyped) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isTyped]);
  const leaveNow = () => {
    setTyped(false);
    setAsked(false);
    onClose();
  };
  return {
    /** What the panel is open for. */
    open: isTyped ? held : reserveFor,
    isAsking: isTyped && (isAsked || isElsewhere),
    setTyped,
    leaveNow,
    leave: () => (isTyped ? setAsked(true) : leaveNow()),
    keep: () => {
      setAsked(false);
      // Back has left it: the address names it again.
      if (isElsewhere && held !== undefined) onOpen(held);
    },
    discard: () => {
      if (!isElsewhere) return leaveNow();
      setTyped(false);
      setAsked(false);
    },
  };
}

function isSame(a: ReserveFor | undefined, b: ReserveFor | undefined): boolean {
  if (typeof a !== "object" || typeof b !== "object") return a === b;
  return a.agent === b.agent;
}
