import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { CALL_TYPES, type CallType, type Pool, type PoolAgent } from "../../../domain";
import { count, counted } from "../../../format";
import { Button } from "../../../ui/control/button";
import { ProblemNote } from "../../../ui/message/problem-note";
import { useSay } from "../../../ui/message/toast-provider";
import { ConflictNote } from "./conflict-note";
import { areSame, type Slots, slotsOf, sumOf, sumsOf } from "./draft";
import { Preview } from "./preview";
import { isMismatch, putSlots, readPool } from "./put-slots";
import { SlotsField } from "./slots-field";
import { slotsIn } from "./slots-text";
import { areSameTexts, faultsOf, slotsTyped, type Texts, textsOf } from "./texts";
import { useFocusFirst } from "./use-focus-first";

/** The reservations somebody began to change, at the version they had then. */
interface Begun {
  version: number;
  slots: Slots;
}

interface ReserveFormProps {
  pool: Pool;
  agent: PoolAgent;
  /** The numbers to begin with, if not those that are reserved. */
  suggested?: Slots | undefined;
  /** What the agent used before. */
  past?: ReactNode;
  /** Tells whether something was typed that would be lost. */
  onTyped: (isTyped: boolean) => void;
  onCancel: () => void;
  onSaved: () => void;
}

/** Changes an agent's reservations. */
export function ReserveForm(props: ReserveFormProps) {
  const { onTyped, onCancel, onSaved } = props;
  const [begun, setBegun] = useState<Begun>(() => begin(props.pool, props.agent));
  const [first, setFirst] = useState(() => textsOf(props.suggested ?? begun.slots));
  const [texts, setTexts] = useState(first);
  const [last, setLast] = useState<CallType>();
  const save = useSave(begun.version);
  const firstInput = useFocusFirst<HTMLInputElement>();
  // A form that is new has nothing typed in it, whatever the one before had.
  useEffect(() => onTyped(false), [onTyped]);
  // After a refusal the server may be ahead of what is heard live.
  const { pool, agent } = newest(props.pool, props.agent, save.theirs);
  const isConflict = pool.version !== begun.version && !save.isPending && !save.isSuccess;
  const draft = slotsTyped(texts, begun.slots);
  const faults = faultsOf(pool, agent, texts, begun.slots, last);
  const wrong = CALL_TYPES.map((of) => faults[of]).find((fault) => fault !== undefined);
  const whyNot = unsavable({ wrong, isConflict, isChanged: !areSame(draft, begun.slots) });
  // Told at once, so that no key that follows can leave the form before it is known.
  const type = (next: Texts, from = first) => {
    setTexts(next);
    onTyped(!areSameTexts(next, from));
  };
  const decide = (kept: Slots) => {
    const next = begin(pool, agent);
    setBegun(next);
    setFirst(textsOf(next.slots));
    type(textsOf(kept), textsOf(next.slots));
    save.reset();
  };
  return (
    <form
      noValidate
      className="flex flex-1 flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        // Once the form is left, what is open is another one's.
        if (whyNot === undefined && !save.isPending) {
          save.mutate({ agent, slots: draft }, { onSuccess: onSaved });
        }
      }}
    >
      <Left pool={pool} agent={agent} draft={draft} />
      {props.past}
      {isConflict && (
        <ConflictNote
          agent={agent}
          begun={begun.slots}
          theirs={slotsOf(agent)}
          mine={draft}
          onKeepMine={() => decide(draft)}
          onTakeTheirs={() => decide(slotsOf(agent))}
        />
      )}
      {CALL_TYPES.map((of, index) => (
        <SlotsField
          key={of}
          type={of}
          text={texts[of]}
          slots={slotsIn(texts[of]).slots}
          use={agent.types[of]}
          inputRef={index === 0 ? firstInput : undefined}
          wrong={faults[of]}
          onChange={(text) => {
            setLast(of);
            type({ ...texts, [of]: text });
          }}
        />
      ))}
      <Preview
        pool={pool}
        agent={agent}
        draft={draft}
        unsaved={
          whyNot === undefined
            ? { agent: agent.id, slots: draft, version: begun.version }
            : undefined
        }
      />
      {!isMismatch(save.error) && <ProblemNote error={save.error} />}
      <Footer whyNot={whyNot} isBusy={save.isPending} onCancel={onCancel} />
    </form>
  );
}

/** "9 of 20 slots can still be reserved" */
function Left({ pool, agent, draft }: { pool: Pool; agent: PoolAgent; draft: Slots }) {
  const { own, sharedLeft } = sumsOf(pool, agent, draft);
  const { cap, name } = agent;
  return (
    <p role="status" className="text-muted">
      {sharedLeft < 0 ? (
        <span className="font-medium text-danger">
          {counted(-sharedLeft, "slot")} more than can be reserved.{" "}
        </span>
      ) : (
        <>
          <span className="font-medium text-text">
            {count(sharedLeft)} of {counted(pool.limit, "slot")}
          </span>{" "}
          can still be reserved.{" "}
        </>
      )}
      <bdi>{name}</bdi> gets {count(own)}
      {cap !== null && `, its cap is ${count(cap)}`}.
    </p>
  );
}

function Footer(props: { whyNot: string | undefined; isBusy: boolean; onCancel: () => void }) {
  return (
    <div className="sticky -bottom-5 -mx-5 mt-auto -mb-5 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-raised px-5 py-3">
      <p className="mr-auto text-muted">Active calls continue.</p>
      <Button onClick={props.onCancel}>Cancel</Button>
      <Button kind="primary" type="submit" disabled={props.isBusy} disabledBecause={props.whyNot}>
        {props.isBusy ? "Saving…" : "Save"}
      </Button>
    </div>
  );
}

function begin(pool: Pool, agent: PoolAgent): Begun {
  return { version: pool.version, slots: slotsOf(agent) };
}

function newest(live: Pool, agent: PoolAgent, read: Pool | undefined) {
  const ofRead = read?.agents.find(({ id }) => id === agent.id);
  if (read === undefined || ofRead === undefined || read.version <= live.version) {
    return { pool: live, agent };
  }
  return { pool: read, agent: ofRead };
}

function unsavable(draft: {
  wrong: string | undefined;
  isConflict: boolean;
  isChanged: boolean;
}): string | undefined {
  if (draft.isConflict) return "Someone else saved changes: keep yours or take theirs first.";
  if (draft.wrong !== undefined) return draft.wrong;
  return draft.isChanged ? undefined : "Nothing has changed yet.";
}

/** Saves reservations if they still have a version; when they have not, reads what they are now. */
function useSave(version: number) {
  const say = useSay();
  const [theirs, setTheirs] = useState<Pool>();
  const mutation = useMutation({
    mutationFn: async ({ agent, slots }: { agent: PoolAgent; slots: Slots }) => {
      try {
        return await putSlots(agent, slots, version);
      } catch (error) {
        if (isMismatch(error)) setTheirs(await readPool());
        throw error;
      }
    },
    onSuccess: (_, { agent, slots }) => {
      const sum = sumOf(slots);
      say(
        sum === 0
          ? `${agent.name} no longer has a reservation. Its active calls continue.`
          : `${counted(sum, "slot")} ${sum === 1 ? "is" : "are"} reserved for ${agent.name}. Active calls continue.`,
      );
    },
  });
  return { ...mutation, theirs };
}
