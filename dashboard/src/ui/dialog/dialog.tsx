import { type ReactNode, useCallback, useId, useRef, useState } from "react";
import { Button } from "../control/button";
import { doing } from "../form/submit-button";
import { ProblemNote } from "../message/problem-note";
import { Layer } from "./layer";
import { UnsavedContext } from "./unsaved";

const MIDDLE =
  "fixed top-1/2 left-1/2 z-40 flex max-h-[calc(100dvh-2rem)] w-[calc(100%-2rem)] max-w-md -translate-x-1/2 -translate-y-1/2 flex-col gap-4 overflow-y-auto rounded-lg border border-line bg-raised p-5 shadow-overlay";

const RIGHT =
  "fixed inset-y-0 right-0 z-40 flex w-full max-w-md flex-col gap-4 overflow-y-auto border-line border-l bg-raised p-5 shadow-overlay transition-transform starting:translate-x-full";

interface DialogProps {
  title: string;
  description?: string;
  isOpen: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A panel at the right side, over the page. */
export function Panel(props: DialogProps) {
  return props.isOpen ? <Over {...props} look={RIGHT} /> : null;
}

/** A dialog in the middle of the page. */
export function Dialog(props: DialogProps) {
  return props.isOpen ? <Over {...props} look={MIDDLE} /> : null;
}

function Over({ look, title, description, onClose, children }: DialogProps & { look: string }) {
  const id = useId();
  const { tell, isAsking, close, discard, keep } = useAsking(onClose);
  const descriptionId = description === undefined ? undefined : `${id}-description`;
  return (
    <Layer
      role="dialog"
      look={look}
      labelId={id}
      descriptionId={descriptionId}
      onEscape={close}
      onBeside={close}
    >
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-lg break-words">
            {title}
          </h2>
          {description !== undefined && (
            <p id={descriptionId} className="text-muted">
              {description}
            </p>
          )}
        </div>
        <button
          type="button"
          aria-label="Close"
          onClick={close}
          className="-m-1 grid size-8 shrink-0 place-items-center rounded-md text-lg text-muted hover:bg-sunken"
        >
          ×
        </button>
      </div>
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
    </Layer>
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

interface ConfirmProps {
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
}

/** Asks once before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  return props.isOpen ? <Question {...props} /> : null;
}

function Question(props: ConfirmProps) {
  const id = useId();
  const descriptionId = `${id}-description`;
  return (
    <Layer
      role="alertdialog"
      look={MIDDLE}
      labelId={id}
      descriptionId={descriptionId}
      onEscape={props.onClose}
    >
      <h2 id={id} className="font-semibold text-lg break-words">
        {props.title}
      </h2>
      <div id={descriptionId} className="break-words text-muted">
        {props.consequence}
      </div>
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
    </Layer>
  );
}
