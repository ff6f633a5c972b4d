import { memo, useDeferredValue, useMemo, useState } from "react";
import { Link } from "wouter";
import { useBarred } from "../../../auth/session";
import type { Pool } from "../../../domain";
import { count } from "../../../format";
import { useLive } from "../../../live/live-provider";
import { Button } from "../../../ui/control/button";
import { Note } from "../../../ui/message/note";
import { gateHref } from "../../shared/gate-address";
import type { Suggested } from "../reserve/reserve-panel";
import { notesOn, type PoolNote, type Step } from "./pool-notes";

interface AdviceProps {
  pool: Pool;
  onSuggest: (suggested: Suggested) => void;
}

/** Why most calls wait, with what helps; the other causes behind a button. Nothing while nobody waits. */
export const Advice = memo(function Advice(props: AdviceProps) {
  const { pool, onSuggest } = props;
  const through = useDeferredValue(useLive((live) => live));
  const notes = useMemo(() => notesOn(pool, through), [pool, through]);
  const [isOpen, setOpen] = useState(false);
  if (notes.length === 0) return null;
  const [first, ...others] = notes;
  return (
    <section aria-label="What helps">
      <Note kind="warning">
        <ul className="flex flex-col gap-2">
          {(isOpen ? notes : [first]).map(
            (note) => note && <OneNote key={note.key} note={note} onSuggest={onSuggest} />,
          )}
        </ul>
        {others.length > 0 && (
          <button
            type="button"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
            className="mt-1 min-h-6 underline underline-offset-2"
          >
            {isOpen ? "Less" : `${count(others.length)} more`}
          </button>
        )}
      </Note>
    </section>
  );
});

function OneNote(props: { note: PoolNote; onSuggest: (suggested: Suggested) => void }) {
  const { says, step } = props.note;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <p className="min-w-0 flex-1 basis-72 font-medium">{says}</p>
      {step !== undefined && <StepButton step={step} onSuggest={props.onSuggest} />}
    </li>
  );
}

const LINK_LOOK =
  "inline-flex min-h-8 items-center rounded-md border border-line bg-surface px-3 py-1 font-medium text-text shadow-card hover:bg-sunken";

function StepButton(props: { step: Step; onSuggest: (suggested: Suggested) => void }) {
  const { step, onSuggest } = props;
  const barred = useBarred("admin");
  const barredFromLimit = useBarred("operator");
  switch (step.kind) {
    case "free":
      return (
        <Button
          disabledBecause={barred}
          onClick={() => onSuggest({ agent: step.agent, slots: step.draft })}
        >
          <span className="max-w-60 truncate">
            Free {count(step.slots)} from <bdi>{step.name}</bdi>
          </span>
        </Button>
      );
    case "raise-cap":
      return barred === undefined ? (
        <Link href="/agents" className={LINK_LOOK}>
          Raise the cap
        </Link>
      ) : (
        <Button disabledBecause={barred}>Raise the cap</Button>
      );
    case "gate":
      return (
        <Link href={gateHref(step.gate)} className={LINK_LOOK}>
          <span className="max-w-60 truncate">
            See <bdi>{step.name}</bdi>
          </span>
        </Link>
      );
    case "raise-limit":
      return barredFromLimit === undefined ? (
        <Link href="/organisations" className={LINK_LOOK}>
          Raise the limit
        </Link>
      ) : (
        <Button disabledBecause={ASK_OPERATOR}>Raise the limit</Button>
      );
  }
}

const ASK_OPERATOR = "Ask the operator of this server to raise the limit.";
