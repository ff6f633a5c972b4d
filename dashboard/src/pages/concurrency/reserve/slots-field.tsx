import { NumberField } from "@base-ui/react/number-field";
import { Slider } from "@base-ui/react/slider";
import { type RefObject, useId } from "react";
import { type CallType, type ClassUse, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { INPUT_LOOK } from "../../../ui/field";

interface SlotsFieldProps {
  type: CallType;
  value: number;
  /** How far the slider goes: what is left, and what it has. */
  most: number;
  /** Where the slider ends. */
  scale: number;
  use: ClassUse;
  isWrong: boolean;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
  onChange: (value: number | null) => void;
}

/** How many slots one type gets: a slider that stops at what is left, and a field that takes any number. */
export function SlotsField(props: SlotsFieldProps) {
  const { type, value, most, scale, use, isWrong, inputRef, onChange } = props;
  const id = useId();
  const name = TYPE_NAME[type];
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1">
      <p className="flex flex-wrap gap-x-2">
        <label htmlFor={id} className="font-medium">
          {name}
        </label>
        <span id={`${id}-use`} className="text-muted">
          {useWords(use)}
        </span>
      </p>
      <NumberField.Root
        id={id}
        value={value}
        min={0}
        max={most}
        allowOutOfRange
        format={{ maximumFractionDigits: 0 }}
        locale="en-GB"
        onValueChange={onChange}
        className="row-span-2"
      >
        <NumberField.Group className="flex">
          <NumberField.Decrement
            aria-label={`Less ${name}`}
            className={`${STEP_LOOK} rounded-l-md`}
          >
            −
          </NumberField.Decrement>
          <NumberField.Input
            ref={inputRef}
            aria-describedby={`${id}-use`}
            aria-invalid={isWrong || undefined}
            className={`${INPUT_LOOK} w-[4.5rem]! rounded-none! text-right`}
          />
          <NumberField.Increment
            aria-label={`More ${name}`}
            className={`${STEP_LOOK} rounded-r-md`}
          >
            +
          </NumberField.Increment>
        </NumberField.Group>
      </NumberField.Root>
      <Slider.Root
        value={Math.min(value, scale)}
        min={0}
        max={scale}
        largeStep={5}
        disabled={most === 0 && value === 0}
        thumbAlignment="edge"
        onValueChange={(asked) => onChange(Math.min(asked, Math.max(most, 0)))}
      >
        <Slider.Control className="flex touch-none items-center py-2 select-none">
          <Slider.Track className="relative h-1.5 w-full rounded-full bg-line">
            <Slider.Indicator className="rounded-full bg-accent" />
            <Slider.Thumb
              getAriaLabel={() => `${name} slider`}
              getAriaValueText={(_, now) => `${count(now)}, at most ${count(most)}`}
              className="size-4 rounded-full border-2 border-accent bg-surface shadow-card has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-accent has-[:focus-visible]:outline-offset-2 data-disabled:border-line-strong"
            />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
    </div>
  );
}

const STEP_LOOK =
  "grid h-8 w-7 place-items-center border border-line-strong bg-surface text-muted first:border-r-0 last:border-l-0 hover:bg-sunken data-disabled:opacity-40";

function useWords({ active, queued }: ClassUse): string {
  const words = `${count(active)} in use`;
  return queued > 0 ? `${words}, ${count(queued)} waiting` : words;
}
