import { useEffect, useRef } from "react";

/**
 * What had the focus before a dialog opened, for it to go back to. A field of the dialog that takes the focus at once does so
 * before anybody else could look; and a dialog that is taken away with its parent gives back nothing by itself.
 */
export function useOpener(isOpen: boolean): () => HTMLElement | true {
  const opener = useRef<Element | null>(null);
  const wasOpen = useRef(false);
  if (isOpen && !wasOpen.current) opener.current = document.activeElement;
  wasOpen.current = isOpen;
  useEffect(
    () => () => {
      setTimeout(() => {
        if (document.activeElement === document.body) there(opener.current)?.focus();
      });
    },
    [],
  );
  return () => there(opener.current) ?? true;
}

function there(element: Element | null): HTMLElement | undefined {
  const isThere = element instanceof HTMLElement && element.isConnected;
  return isThere && element !== document.body ? element : undefined;
}
