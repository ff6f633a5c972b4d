import { useState } from "react";
import { useSay } from "../message/toast-provider";
import { copyText } from "./clipboard-text";

/** A small button that copies a text. */
export function CopyIcon({ text, what }: { text: string; what: string }) {
  const say = useSay();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    const isDone = await copyText(text);
    setCopied(isDone);
    say(
      isDone
        ? `Copied the ${what}.`
        : `The browser does not allow this page to copy. Select the ${what} and copy it by hand.`,
    );
  };
  return (
    <button
      type="button"
      aria-label={`Copy the ${what}`}
      onClick={copy}
      onBlur={() => setCopied(false)}
      className="grid size-6 shrink-0 place-items-center rounded text-muted hover:bg-sunken hover:text-text"
    >
      <svg viewBox="0 0 16 16" aria-hidden="true" className="size-3.5" fill="none">
        {isCopied ? (
          <path d="M3 8.5l3.2 3.2L13 5" stroke="currentColor" strokeWidth="1.6" />
        ) : (
          <g stroke="currentColor" strokeWidth="1.3">
            <rect x="5.2" y="5.2" width="8" height="8" rx="1.5" />
            <path d="M10.8 2.8h-6.5a1.5 1.5 0 0 0-1.5 1.5v6.5" />
          </g>
        )}
      </svg>
    </button>
  );
}
