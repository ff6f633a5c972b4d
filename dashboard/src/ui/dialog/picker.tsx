import { type KeyboardEvent, useId, useState } from "react";
import { INPUT_LOOK } from "../form/field";
import { Dialog } from "./dialog";

export interface PickerChoice {
  key: string;
  name: string;
  /** What sort of thing it is, or what tells it from others of its name. */
  hint?: string;
  onPick: () => void;
}

interface PickerProps {
  title: string;
  /** What can be searched for. */
  label: string;
  /** What is found for a search, the best first. */
  find: (search: string) => readonly PickerChoice[];
  /** Said when nothing is found. */
  nothing: string;
  isOpen: boolean;
  onClose: () => void;
}

/** A search over everything that can be chosen. Arrow keys and Enter choose. */
export function Picker({ title, isOpen, onClose, ...search }: PickerProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose}>
      <Search {...search} onClose={onClose} />
    </Dialog>
  );
}

function Search(props: Omit<PickerProps, "title" | "isOpen">) {
  const { label, find, nothing, onClose } = props;
  const id = useId();
  const [search, setSearch] = useState("");
  const [at, setAt] = useState(0);
  const found = find(search.trim());
  const marked = Math.min(at, found.length - 1);
  const pick = (chosen: PickerChoice | undefined) => {
    if (chosen === undefined) return;
    onClose();
    chosen.onPick();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) setAt((marked + step + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter") pick(found[marked]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: it was opened to be typed into
        autoFocus
        role="combobox"
        aria-label={label}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={marked < 0 ? undefined : `${id}-${marked}`}
        autoComplete="off"
        spellCheck={false}
        placeholder={label}
        value={search}
        onChange={(event) => {
          setSearch(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className={INPUT_LOOK}
      />
      <div id={id} role="listbox" aria-label={label} className="-mx-2 max-h-80 overflow-y-auto">
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          <div
            key={choice.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            ref={(element) => {
              if (index === marked) element?.scrollIntoView?.({ block: "nearest" });
            }}
            onMouseMove={() => setAt(index)}
            onClick={() => pick(choice)}
            className={`flex cursor-default items-baseline justify-between gap-3 rounded px-2 py-1.5 ${index === marked ? "bg-sunken" : ""}`}
          >
            <bdi className="min-w-0 truncate">{choice.name}</bdi>
            <span className="max-w-1/2 shrink-0 truncate text-muted text-xs">{choice.hint}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p role="status" className="text-muted">
          {nothing}
        </p>
      )}
    </>
  );
}
