import { useId } from "react";
import { INPUT_LOOK } from "../../../ui/form/field";

const NOTE_LENGTH = 1000;

/** The remark about an end, which is kept with the call. */
export function EndNote({ note, onChange }: { note: string; onChange: (note: string) => void }) {
  const field = useId();
  return (
    <label htmlFor={field} className="flex flex-col gap-1 text-text">
      <span className="font-medium">Note (optional)</span>
      <input
        id={field}
        value={note}
        maxLength={NOTE_LENGTH}
        onChange={(event) => onChange(event.target.value)}
        placeholder="Reason for ending"
        className={INPUT_LOOK}
      />
    </label>
  );
}

/** As the API takes it. */
export function noteOf(note: string): { note?: string } {
  return note.trim() === "" ? {} : { note: note.trim() };
}
