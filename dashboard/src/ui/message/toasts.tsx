import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import type { Message } from "./toast-list";
import { useMessages } from "./toast-provider";

const SHORT_MS = 6_000;
/** Long enough to read it, to regret, and to get there by keyboard. */
const UNDO_MS = 12_000;

/** Where the sentences of `useSay` appear: at the left, where no panel and no button of one is, and above everything. */
export function Toasts() {
  const { shown, change } = useMessages();
  // None goes while somebody is about to press a button of one.
  const [isHeld, setHeld] = useState(false);
  const hold = { onPointerEnter: () => setHeld(true), onFocus: () => setHeld(true) };
  const release = { onPointerLeave: () => setHeld(false), onBlur: () => setHeld(false) };
  useEffect(() => {
    if (shown.length === 0) setHeld(false);
  }, [shown]);
  return createPortal(
    <section
      data-above-all
      aria-label="Messages"
      aria-live="polite"
      {...hold}
      {...release}
      className="fixed bottom-4 left-4 z-50 max-sm:top-14 max-sm:bottom-auto flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 print:hidden"
    >
      {shown.map((message) => (
        <Toast
          key={message.id}
          message={message}
          isHeld={isHeld}
          onGone={() => change({ kind: "gone", id: message.id })}
        />
      ))}
    </section>,
    document.body,
  );
}

function Toast(props: { message: Message; isHeld: boolean; onGone: () => void }) {
  const { message, isHeld, onGone } = props;
  const { sentence, undo } = message;
  useGone(isHeld, undo === undefined ? SHORT_MS : UNDO_MS, onGone);
  return (
    <div className="flex items-start gap-3 rounded-md border border-line bg-raised px-3 py-2 shadow-overlay transition-opacity starting:opacity-0">
      <p className="min-w-0 flex-1 break-words">{sentence}</p>
      {undo !== undefined && (
        <button
          type="button"
          onClick={() => {
            onGone();
            undo();
          }}
          className="-my-1 min-h-8 shrink-0 rounded px-2 font-medium text-accent hover:bg-sunken"
        >
          Undo
        </button>
      )}
      <button
        type="button"
        aria-label="Dismiss"
        onClick={onGone}
        className="-my-1 -mr-1 size-8 shrink-0 text-muted"
      >
        ×
      </button>
    </div>
  );
}

/** A message goes by itself, but begins to wait anew when it was held. */
function useGone(isHeld: boolean, afterMs: number, onGone: () => void): void {
  const [latest] = useState({ onGone });
  latest.onGone = onGone;
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => latest.onGone(), afterMs);
    return () => clearTimeout(timer);
  }, [isHeld, afterMs, latest]);
}
