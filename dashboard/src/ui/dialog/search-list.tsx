import { type KeyboardEvent, type ReactNode, type Ref, useId, useState } from "react";
import { INPUT_LOOK } from "../form/field";

interface SearchListProps<T> {
  /** What can be searched for. */
  label: string;
  search: string;
  onSearch: (search: string) => void;
  /** What is found, the best first. */
  found: readonly T[];
  keyOf: (choice: T) => string;
  draw: (choice: T) => ReactNode;
  onPick: (choice: T) => void;
  /** What is said below the list, such as that nothing is found. */
  said: string | undefined;
  /** Where the list may scroll by itself. */
  look: string;
  input?: Ref<HTMLInputElement>;
}

/** A search with what it finds. The arrow keys and Enter choose. */
export function SearchList<T>(props: SearchListProps<T>) {
  const { label, search, found, keyOf } = props;
  const id = useId();
  const [at, setAt] = useState(0);
  const marked = Math.min(at, found.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const chosen = found[marked];
    if (step !== undefined) setAt((marked + step + found.length) % Math.max(1, found.length));
    else if (event.key !== "Enter") return;
    else if (chosen !== undefined) props.onPick(chosen);
    event.preventDefault();
  };
  return (
    <>
      <input
        ref={props.input}
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
          props.onSearch(event.target.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
        className={`${INPUT_LOOK} shrink-0`}
      />
      <div
        id={id}
        role="listbox"
        aria-label={label}
        className={`-mx-2 overflow-y-auto ${props.look}`}
      >
        {found.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          <div
            key={keyOf(choice)}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === marked}
            ref={(element) => {
              if (index === marked) element?.scrollIntoView?.({ block: "nearest" });
            }}
            onMouseMove={() => setAt(index)}
            onClick={() => props.onPick(choice)}
            className={`flex cursor-default items-baseline justify-between gap-3 rounded px-2 py-1.5 ${index === marked ? "bg-sunken" : ""}`}
          >
            {props.draw(choice)}
          </div>
        ))}
      </div>
      <p role="status" className="text-muted empty:hidden">
        {props.said}
      </p>
    </>
  );
}
