import { useMemo } from "react";
import { Link } from "wouter";
import { useBarred } from "../../../auth/session";
import type { Pool } from "../../../domain";
import { Button } from "../../../ui/button";
import { Note } from "../../../ui/note";
import { notesOn, type PoolNote, type Step } from "./pool-notes";

/** What an operator should know about the pool now, each with what helps. It keeps its place when nothing applies. */
export function Advice({ pool, onEdit }: { pool: Pool; onEdit: (agent: string) => void }) {
  const notes = useMemo(() => notesOn(pool), [pool]);
  return (
    <section aria-label="What helps" className="flex min-h-17 flex-col gap-2">
      {notes.length === 0 && (
        <div className="grid flex-1 items-center rounded-md border border-line px-3 text-muted">
          <p>{CALM}</p>
        </div>
      )}
      {notes.map((note) => (
        <OneNote key={note.key} note={note} onEdit={onEdit} />
      ))}
    </section>
  );
}

const CALM =
  "No calls are waiting. When calls have to wait, or the pool is over its limit, advice appears here.";

function OneNote({ note, onEdit }: { note: PoolNote; onEdit: (agent: string) => void }) {
  return (
    <Note kind="warning">
      <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <div className="min-w-0 flex-1 basis-72">
          <p className="font-semibold">{note.says}</p>
          <p>{note.helps}</p>
        </div>
        <div className="flex flex-wrap items-center gap-2">
          {note.steps.map((step) => (
            <StepButton key={step.kind} step={step} onEdit={onEdit} />
          ))}
        </div>
      </div>
    </Note>
  );
}

const LINK_LOOK = "font-medium underline underline-offset-2";

function StepButton({ step, onEdit }: { step: Step; onEdit: (agent: string) => void }) {
  const barred = useBarred("admin");
  const barredFromLimit = useBarred("operator");
  switch (step.kind) {
    case "edit":
      return (
        <Button disabledBecause={barred} onClick={() => onEdit(step.agent)}>
          <span className="max-w-40 truncate">Edit {step.name}</span>
        </Button>
      );
    case "raise-cap":
      return (
        <Link href="/agents" className={LINK_LOOK}>
          Raise the cap
        </Link>
      );
    case "raise-limit":
      return barredFromLimit === undefined ? (
        <Link href="/organisations" className={LINK_LOOK}>
          Raise the limit
        </Link>
      ) : (
        <span>Ask the operator of this server to raise the limit.</span>
      );
  }
}
