import { Toast } from "@base-ui/react/toast";

/** Says in a corner that something was done. Failures are said where they happened. */
export function useSay(): (sentence: string) => void {
  const { add } = Toast.useToastManager();
  return (sentence) => {
    add({ description: sentence, timeout: 5000 });
  };
}

/** Where the sentences of `useSay` appear. */
export function Toasts() {
  const { toasts } = Toast.useToastManager();
  return (
    <Toast.Portal>
      <Toast.Viewport className="fixed right-4 bottom-4 z-50 flex w-80 max-w-[calc(100vw-2rem)] flex-col gap-2">
        {toasts.map((toast) => (
          <Toast.Root
            key={toast.id}
            toast={toast}
            aria-label="Message"
            className="flex items-start justify-between gap-3 rounded-md border border-line bg-raised px-3 py-2 shadow-overlay transition-opacity data-ending-style:opacity-0"
          >
            <Toast.Description className="min-w-0 break-words" />
            <Toast.Close aria-label="Dismiss" className="text-muted">
              ×
            </Toast.Close>
          </Toast.Root>
        ))}
      </Toast.Viewport>
    </Toast.Portal>
  );
}
