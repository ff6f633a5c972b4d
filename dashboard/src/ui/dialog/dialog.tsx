import { AlertDialog } from "@base-ui/react/alert-dialog";
import { Dialog as BaseDialog } from "@base-ui/react/dialog";
import { type ReactNode, useCallback, useRef, useState } from "react";
import { Button } from "../control/button";
import { doing } from "../form/submit-button";
import { ProblemNote } from "../message/problem-note";
import { UnsavedContext } from "./unsaved";
import { useOpener } from "./use-opener";

const BACKDROP =
  "fixed inset-0 z-30 bg-black/40 transition-opacity data-ending-style:opacity-0 data-starting-style:opacity-0";

const MIDDLE =
  "fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line bg-raised p-5 shadow-overlay";

const RIGHT =
  "fixed inset-y-0 right-0 z-40 flex w-full max-w-md flex-col gap-4 overflow-y-auto border-line border-l bg-raised p-5 shadow-overlay transition-transform data-ending-style:translate-x-full data-starting-style:translate-x-full";

interface DialogProps {
  title: string;
  description?: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel at the right side, over the page. */
export function Panel(props: DialogProps) {
  return <Over {...props} look={RIGHT} />;
}

/** A dialog in the middle of the page. */
export function Dialog(props: DialogProps) {
  return <Over {...props} look={MIDDLE} />;
}

function Over({
  look,
  title,
  description,
  isOpen,
  onClose,
  children,
}: DialogProps & { look: string }) {
  const { tell, isAsking, close, discard, keep } = useAsking(onClose);
  const opener = useOpener(isOpen);
  return (
    <BaseDialog.Root open={isOpen} onOpenChange={(open) => !open && close()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={BACKDROP} />
        <BaseDialog.Popup className={look} finalFocus={opener}>
          <Heading title={title} description={description} />
          <UnsavedContext value={tell}>{children}</UnsavedContext>
          <Confirm
            title="Discard what you typed?"
            consequence="It has not been saved."
            action="Discard"
            cancel="Keep editing"
            isOpen={isAsking}
            isBusy={false}
            error={null}
            onConfirm={discard}
            onClose={keep}
          />
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Closes at once, or asks first while something in the dialog is unsaved. */
function useAsking(onClose: () => void) {
  const isUnsaved = useRef(false);
  const [isAsking, setAsking] = useState(false);
  const tell = useCallback((unsaved: boolean) => {
    isUnsaved.current = unsaved;
  }, []);
  return {
    tell,
    isAsking,
    close: () => (isUnsaved.current ? setAsking(true) : onClose()),
    discard: () => {
      setAsking(false);
      onClose();
    },
    keep: () => setAsking(false),
  };
}

function Heading(props: { title: string; description: string | undefined }) {
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <BaseDialog.Title className="font-semibold text-lg break-words">
          {props.title}
        </BaseDialog.Title>
        {props.description !== undefined && (
          <BaseDialog.Description className="text-muted">
            {props.description}
          </BaseDialog.Description>
        )}
      </div>
      <BaseDialog.Close
        aria-label="Close"
        className="-m-1 grid size-8 place-items-center rounded-md text-lg text-muted hover:bg-sunken"
      >
        ×
      </BaseDialog.Close>
    </div>
  );
}

/** Asks once before something that cannot be taken back. */
export function Confirm(props: {
  title: string;
  /** What will be so afterwards. */
  consequence: ReactNode;
  action: string;
  /** What the button says that changes nothing. */
  cancel?: string;
  isOpen: boolean;
  isBusy: boolean;
  error: Error | null;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <AlertDialog.Root open={props.isOpen} onOpenChange={(open) => !open && props.onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop forceRender className={BACKDROP} />
        <AlertDialog.Popup className={MIDDLE}>
          <AlertDialog.Title className="font-semibold text-lg break-words">
            {props.title}
          </AlertDialog.Title>
          <AlertDialog.Description render={<div />} className="break-words text-muted">
            {props.consequence}
          </AlertDialog.Description>
          <ProblemNote error={props.error} />
          <div className="flex justify-end gap-2">
            <Button onClick={props.onClose}>{props.cancel ?? "Cancel"}</Button>
            <Button
              kind="danger"
              onClick={props.onConfirm}
              disabled={props.isBusy}
              focusableWhenDisabled
            >
              {props.isBusy ? doing(props.action) : props.action}
            </Button>
          </div>
        </AlertDialog.Popup>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
