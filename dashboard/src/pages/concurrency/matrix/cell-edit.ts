// A number that is being changed in its cell.

import { useMutation } from "@tanstack/react-query";
import { createContext, useMemo, useRef, useState } from "react";
import type { CallType, Pool, PoolAgent } from "../../../domain";
import { misfit, slotsOf } from "../reserve/draft";
import { type NumberChange, NumberConflict, putNumber } from "../reserve/put-slots";
import { slotsIn } from "../reserve/slots-text";

export interface CellEdit {
  agent: string;
  type: CallType;
  /** What was reserved when it was begun. */
  from: number;
  text: string;
}

export interface CellEdits {
  /** Why reservations cannot be changed. */
  barred: string | undefined;
  edit: CellEdit | undefined;
  /** What is wrong with what was typed, or with saving it. */
  wrong: string | undefined;
  isSaving: boolean;
  begin: (agent: PoolAgent, type: CallType) => void;
  change: (text: string) => void;
  save: () => void;
  /** Leaves the number as it was. */
  restore: () => void;
  /** The cell that takes the focus when its number is no longer edited. */
  returnTo: { current: string | undefined };
}

export const Cells = createContext<CellEdits | undefined>(undefined);

/** What is wrong with a number for an agent and type as things are; undefined when it can be saved. */
export function wrongWith(pool: Pool, { agent: id, type, text }: CellEdit): string | undefined {
  const typed = slotsIn(text);
  if (typed.wrong !== undefined) return typed.wrong;
  const agent = pool.agents.find((each) => each.id === id);
  if (agent === undefined) return "This agent was deleted in the meantime.";
  return misfit(pool, agent, { ...slotsOf(agent), [type]: typed.slots }, type);
}

/** One number at a time is edited; one that was changed is saved or restored before the next is begun. */
export function useCellEdits(
  pool: Pool,
  barred: string | undefined,
  onSaved: (change: NumberChange) => void,
): CellEdits {
  const [edit, setEdit] = useState<CellEdit>();
  const [notice, setNotice] = useState<string>();
  const latest = useRef({ pool, onSaved });
  latest.current = { pool, onSaved };
  const returnTo = useRef<string>(undefined);
  const { mutate, isPending } = useMutation({
    mutationFn: (change: NumberChange) => putNumber(latest.current.pool, change),
    onSuccess: (_, change) => {
      returnTo.current = `${change.agent} ${change.type}`;
      setEdit(undefined);
      latest.current.onSaved(change);
    },
    onError: (error, change) => {
      if (!(error instanceof NumberConflict)) return setNotice(sentence(error.message));
      // Enter again means it: then theirs is what is written over.
      setEdit((now) => now && { ...now, from: error.theirs });
      setNotice(
        `Someone else set this to ${error.theirs} in the meantime. Enter saves ${change.to} all the same, Esc keeps theirs.`,
      );
    },
  });
  const typedWrong = edit && wrongWith(pool, edit);
  return useMemo(() => {
    const isChanged = edit !== undefined && edit.text.trim() !== String(edit.from);
    const begin = (agent: PoolAgent, type: CallType) => {
      if (isChanged) return setNotice("Save this number (Enter) or restore it (Esc) first.");
      const from = agent.types[type].reserved;
      setNotice(undefined);
      setEdit({ agent: agent.id, type, from, text: String(from) });
    };
    const restore = () => {
      if (edit !== undefined) returnTo.current = `${edit.agent} ${edit.type}`;
      setNotice(undefined);
      setEdit(undefined);
    };
    const save = () => {
      if (edit === undefined || isPending || typedWrong !== undefined) return;
      const { slots } = slotsIn(edit.text);
      if (slots === undefined || slots === edit.from) return restore();
      setNotice(undefined);
      mutate({ agent: edit.agent, type: edit.type, from: edit.from, to: slots });
    };
    const change = (text: string) => {
      setNotice(undefined);
      setEdit((now) => now && { ...now, text });
    };
    const wrong = notice ?? (isChanged ? typedWrong : undefined);
    return { barred, edit, wrong, isSaving: isPending, begin, change, save, restore, returnTo };
  }, [edit, notice, typedWrong, isPending, barred, mutate]);
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
