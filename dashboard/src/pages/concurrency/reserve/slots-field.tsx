import { type KeyboardEvent, type RefObject, useId } from "react";
import { type CallType, type ClassUse, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { INPUT_LOOK } from "../../../ui/form/field";

interface SlotsFieldProps {
  type: CallType;
  text: string;
  /** The number in the text; undefined: it is none. */
  slots: number | undefined;
  use: ClassUse;
  wrong: string | undefined;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
  onChange: (text: string) => void;
}

/** How many slots one type gets. What is typed stays as it is; what is wrong with it is said below. */
export function SlotsField(props: SlotsFieldProps) {
  const { type, text, slots, use, wrong, inputRef, onChange } = props;
  const id = useId();
  const name = TYPE_NAME[type];
  const step = (by: number) => onChange(String(Math.max(0, (slots ?? 0) + by)));
  const onKeyDown = (event: KeyboardEvent) => {
    const by = { ArrowUp: 1, ArrowDown: -1, PageUp: 5, PageDown: -5 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4">
      <div className="flex flex-col">
        <label htmlFor={id} className="font-medium">
          {name}
        </label>
        <span id={`${id}-use`} className="text-muted">
          {useWords(use)}
        </span>
      </div>
      <div className="flex">
        <Step label={`Less ${name}`} isOff={slots === 0} onStep={() => step(-1)}>
          −
        </Step>
        <input
          ref={inputRef}
          id={id}
          type="text"
          inputMode="numeric"
          autoComplete="off"
          value={text}
          // What is typed takes the place of what is there.
          onFocus={(event) => event.target.select()}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={onKeyDown}
          aria-describedby={`${id}-use ${id}-wrong`}
          aria-invalid={wrong !== undefined || undefined}
          className={`${INPUT_LOOK} w-[4.5rem]! rounded-none! text-right`}
        />
        <Step label={`More ${name}`} onStep={() => step(1)}>
          +
        </Step>
      </div>
      <p id={`${id}-wrong`} role="status" className="col-span-2 break-words text-danger">
        {wrong}
      </p>
    </div>
  );
}

function Step(props: { label: string; isOff?: boolean; onStep: () => void; children: string }) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={props.label}
      disabled={props.isOff}
      onClick={props.onStep}
      className="grid h-8 w-8 place-items-center border border-line-strong bg-surface text-muted first:rounded-l-md first:border-r-0 last:rounded-r-md last:border-l-0 hover:bg-sunken disabled:opacity-40 pointer-coarse:w-11"
    >
      {props.children}
    </button>
  );
}

function useWords({ active, queued }: ClassUse): string {
  const words = `uses ${count(active)} now`;
  return queued > 0 ? `${words}, ${count(queued)} waiting` : words;
}
