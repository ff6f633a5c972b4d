import { Toast } from "@base-ui/react/toast";

const SHORT_MS = 6_000;
/** Long enough to read it, to regret, and to get there by keyboard. */
const UNDO_MS = 12_000;

interface SayOptions {
  /** Takes back what was done; the sentence then has a button Undo. */
  undo?: () => void;
}

type Say = (sentence: string, options?: SayOptions) => void;

/** Says in a corner that something was done. Failures are said where they happened. */
export function useSay(): Say {
  const { add, close } = Toast.useToastManager();
  return (sentence, { undo } = {}) => {
    if (undo === undefined) {
      add({ description: sentence, timeout: SHORT_MS });
      return;
    }
    const id = add({
      description: sentence,
      timeout: UNDO_MS,
      actionProps: {
        children: "Undo",
        onClick: () => {
          close(id);
          undo();
        },
      },
    });
  };
}

/** Where the sentences of `useSay` appear: at the left, where no panel and no button of one is, and above everything. */
export function Toasts() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport
        aria-label="Messages"
        className="fixed bottom-4 left-4 z-50 max-sm:top-14 max-sm:bottom-auto flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2 print:hidden"
      >
        {toasts.map((toast) => (
          <Toast.Root
            key={toast.id}
            toast={toast}
            aria-label={String(toast.description ?? "Message")}
            className="flex items-start gap-3 rounded-md border border-line bg-raised px-3 py-2 shadow-overlay transition-opacity data-ending-style:opacity-0"
          >
            <Toast.Description className="min-w-0 flex-1 break-words" />
            {toast.actionProps !== undefined && (
              <Toast.Action className="-my-1 min-h-8 shrink-0 rounded px-2 font-medium text-accent hover:bg-sunken" />
            )}
            <Toast.Close aria-label="Dismiss" className="-my-1 -mr-1 size-8 shrink-0 text-muted">
              ×
            </Toast.Close>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
