import { useState } from "react";
import { Button } from "../../../ui/control/button";
import { CustomSpan } from "./custom-span";
import { PRESET_NAME, PRESETS, type Range, type Span } from "./span";
import { longFromTo } from "./times";

/** Which span is shown, and which may be. */
export function SpanChoice(props: {
  span: Span;
  /** What is shown now. */
  range: Range | undefined;
  onChoose: (span: Span) => void;
  onWiden: () => void;
  /** Goes back to what was shown before zooming. */
  onReset: () => void;
}) {
  const { span, range, onChoose, onWiden, onReset } = props;
  const [isChoosing, setChoosing] = useState(false);
  const isCustom = !("preset" in span);
  return (
    <div className="flex flex-col gap-1">
      <p className="text-muted">
        {isCustom ? longFromTo(span.fromMs, span.toMs) : `Last ${PRESET_NAME[span.preset]}`}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <fieldset className="flex rounded-md border border-line bg-sunken p-0.5">
          <legend className="sr-only">Span</legend>
          {PRESETS.map((preset) => (
            <SpanButton
              key={preset}
              isChosen={!isCustom && span.preset === preset}
              onClick={() => onChoose({ preset })}
            >
              {PRESET_NAME[preset]}
            </SpanButton>
          ))}
          <SpanButton isChosen={isCustom} onClick={() => setChoosing(true)}>
            Custom …
          </SpanButton>
        </fieldset>
        {isCustom && <Button onClick={onWiden}>Zoom out</Button>}
        {isCustom && <Button onClick={onReset}>Reset zoom</Button>}
      </div>
      {isChoosing && (
        <CustomSpan
          initial={isCustom ? span : range}
          onChoose={(chosen) => {
            setChoosing(false);
            onChoose(chosen);
          }}
          onClose={() => setChoosing(false)}
        />
      )}
    </div>
  );
}

function SpanButton(props: {
  isChosen: boolean;
  onClick: () => void;
  children: string | string[];
}) {
  return (
    <button
      type="button"
      aria-pressed={props.isChosen}
      onClick={props.onClick}
      className={`h-7 rounded px-2.5 whitespace-nowrap ${props.isChosen ? "bg-surface font-medium shadow-card" : "text-muted hover:text-text"}`}
    >
      {props.children}
    </button>
  );
}
