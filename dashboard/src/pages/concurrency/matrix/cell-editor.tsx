import { type KeyboardEvent, useContext, useEffect, useId, useRef } from "react";
import { TYPE_NAME } from "../../../domain";
import { Cells } from "./cell-edit";

/** The number of a cell as a field: Enter saves, Esc restores. What is wrong with it is said below. */
export function CellEditor({ name }: { name: string }) {
  const cells = useContext(Cells);
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  useEffect(() => {
    input.current?.focus();
    input.current?.select();
  }, []);
  if (cells?.edit === undefined) return null;
  const { edit, wrong, isSaving, change, save, restore } = cells;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") save();
    if (event.key === "Escape") restore();
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      event.preventDefault();
      change(stepped(edit.text, event.key === "ArrowUp" ? 1 : -1));
    }
  };
  return (
    <span className="relative z-5 block">
      <input
        ref={input}
        aria-label={`Slots reserved for ${TYPE_NAME[edit.type]} of ${name}`}
        aria-invalid={wrong !== undefined || undefined}
        aria-describedby={hint}
        inputMode="numeric"
        autoComplete="off"
        value={edit.text}
        readOnly={isSaving}
        onChange={(event) => change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => edit.text.trim() === String(edit.from) && restore()}
        className="h-9 w-full min-w-14 rounded-md border border-accent bg-surface px-2 text-right text-text aria-invalid:border-danger"
      />
      <span
        id={hint}
        className="absolute top-full right-0 z-20 mt-1 flex w-max max-w-64 flex-col gap-1 rounded-md border border-line bg-raised px-2.5 py-1.5 text-left text-xs whitespace-normal shadow-overlay"
      >
        {wrong === undefined ? (
          <span className="text-muted">
            {isSaving ? "Saving…" : "Slots to reserve. Enter saves, Esc restores."}
          </span>
        ) : (
          <span role="alert" className="text-danger">
            {wrong}
          </span>
        )}
        <span className="flex gap-3">
          <TextButton onClick={save}>Save</TextButton>
          <TextButton onClick={restore}>Cancel</TextButton>
        </span>
      </span>
    </span>
  );
}

/** For those without the keys. The field keeps the focus. */
function TextButton(props: { onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      onPointerDown={(event) => event.preventDefault()}
      onClick={props.onClick}
      className="min-h-6 font-medium text-accent pointer-coarse:min-h-10"
    >
      {props.children}
    </button>
  );
}

/** One more or one less than a number, never below zero; other texts stay. */
function stepped(text: string, by: 1 | -1): string {
  return /^\d{1,8}$/.test(text.trim()) ? String(Math.max(0, Number(text) + by)) : text;
}
