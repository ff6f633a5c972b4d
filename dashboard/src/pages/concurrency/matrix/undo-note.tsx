import { useMutation } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Pool, TYPE_NAME } from "../../../domain";
import { count } from "../../../format";
import { ProblemNote } from "../../../ui/message/problem-note";
import { type NumberChange, putNumber } from "../reserve/put-slots";

const FOR_MS = 10_000;

/** Says what was saved last, and takes it back while that is asked for soon. */
export function UndoNote(props: { pool: Pool; change: NumberChange; onGone: () => void }) {
  const { pool, change, onGone } = props;
  const { agent, type, from, to } = change;
  const undo = useMutation({
    mutationFn: () => putNumber(pool, { agent, type, from: to, to: from }),
    onSuccess: onGone,
  });
  const isTried = !undo.isIdle;
  useEffect(() => {
    if (isTried) return;
    const timer = setTimeout(onGone, FOR_MS);
    return () => clearTimeout(timer);
  }, [isTried, onGone]);
  const name = pool.agents.find(({ id }) => id === agent)?.name ?? agent;
  return (
    <div className="flex flex-col gap-2 px-4 pb-3">
      <p role="status" className="flex flex-wrap items-center gap-x-3">
        <span>
          Saved: <bdi>{name}</bdi>, {TYPE_NAME[type]}, {count(from)} → {count(to)}.
        </span>
        <button
          type="button"
          disabled={undo.isPending}
          onClick={() => undo.mutate()}
          className="font-medium text-accent underline underline-offset-2"
        >
          Undo
        </button>
      </p>
      <ProblemNote error={undo.error} />
    </div>
  );
}
