import { useEffect, useRef } from "react";

/**
 * Gives the focus back to what had it before a dialog opened, once the dialog is gone. A field of the dialog that takes the
 * focus at once does so before an effect could look, so this looks while it is drawn first.
 */
export function useOpener(): void {
  const opener = useRef<Element | null>(undefined);
  if (opener.current === undefined) opener.current = document.activeElement;
  const isThere = useRef(false);
  useEffect(() => {
    isThere.current = true;
    return () => {
      isThere.current = false;
      // By then what comes next has taken the focus, if anything does.
      setTimeout(() => {
        const { activeElement, body } = document;
        const isFree = activeElement === null || activeElement === body;
        if (!isThere.current && isFree) there(opener.current)?.focus();
      });
    };
  }, []);
}

function there(element: Element | null | undefined): HTMLElement | undefined {
  const isThere = element instanceof HTMLElement && element.isConnected;
  return isThere && element !== document.body ? element : undefined;
}
