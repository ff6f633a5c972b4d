import { Confirm } from "../../../ui/dialog/dialog";
import { EndNote } from "./end-note";

interface ConfirmEndProps {
  title: string;
  action: string;
  /** What it means for the calls. */
  consequence: readonly string[];
  note: string;
  onNote: (note: string) => void;
  /** The ending, which this begins. */
  end: { isPending: boolean; error: Error | null; mutate: () => void };
  onClose: () => void;
}

/** Asks once before calls are ended, for a note too. */
export function ConfirmEnd(props: ConfirmEndProps) {
  const { title, action, consequence, note, onNote, end, onClose } = props;
  return (
    <Confirm
      title={title}
      action={action}
      isOpen
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
      consequence={
        <div className="flex flex-col gap-3">
          {consequence.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
          <EndNote note={note} onChange={onNote} />
        </div>
      }
    />
  );
}
