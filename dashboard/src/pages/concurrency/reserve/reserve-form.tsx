import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../../api/client";
import { ProblemError } from "../../../api/problem";
import { CALL_TYPES, type Pool, type PoolAgent } from "../../../domain";
import { counted } from "../../../format";
import { Button } from "../../../ui/button";
import { ProblemNote } from "../../../ui/problem-note";
import { useSay } from "../../../ui/toasts";
import type { AgentColor } from "../pool-bar/agent-colors";
import { ConflictNote } from "./conflict-note";
import {
  areSame,
  misfit,
  mostFor,
  type Slots,
  scaleOf,
  slotsOf,
  sumOf,
  sumsOf,
  withSlots,
} from "./draft";
import { DraftSums } from "./draft-sums";
import { Preview } from "./preview";
import { SlotsField } from "./slots-field";
import { useFocusFirst } from "./use-focus-first";

/** The reservations somebody began to change, at the version they had then. */
interface Begun {
  version: number;
  slots: Slots;
}

/** Changes an agent's reservations. */
export function ReserveForm(props: {
  pool: Pool;
  agent: PoolAgent;
  colors: ReadonlyMap<string, AgentColor>;
  onClose: () => void;
}) {
  const { onClose } = props;
  const [begun, setBegun] = useState<Begun>(() => begin(props.pool, props.agent));
  const [draft, setDraft] = useState<Slots>(begun.slots);
  const save = useSave(begun.version);
  const firstInput = useFocusFirst<HTMLInputElement>();
  // After a refusal the server may be ahead of what is heard live.
  const { pool, agent } = newest(props.pool, props.agent, save.theirs);
  const isConflict = pool.version !== begun.version && !save.isPending && !save.isSuccess;
  const sums = sumsOf(pool, agent, draft);
  const wrong = misfit(pool, agent, draft);
  const whyNot = unsavable({ wrong, isConflict, isChanged: !areSame(draft, begun.slots) });
  const decide = (kept: Slots) => {
    setBegun(begin(pool, agent));
    setDraft(kept);
    save.reset();
  };
  return (
    <form
      noValidate
      className="flex flex-1 flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (whyNot === undefined && !save.isPending) {
          // Once the form is left, what is open is another one's.
          save.mutate({ agent, slots: draft }, { onSuccess: onClose });
        }
      }}
    >
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
      {CALL_TYPES.map((type, index) => (
        <SlotsField
          key={type}
          type={type}
          value={draft[type]}
          most={mostFor(draft, type, sums.left)}
          scale={scaleOf(draft, sums.left)}
          use={agent.types[type]}
          inputRef={index === 0 ? firstInput : undefined}
          isWrong={wrong !== undefined && draft[type] > 0}
          onChange={(value) => setDraft((slots) => withSlots(slots, type, value))}
        />
      ))}
      <DraftSums pool={pool} agent={agent} sums={sums} wrong={wrong} />
      <Preview pool={pool} agent={agent} colors={props.colors} draft={draft} />
      {!isMismatch(save.error) && <ProblemNote error={save.error} />}
      <Footer whyNot={whyNot} isBusy={save.isPending} onCancel={onClose} />
    </form>
  );
}

function Footer(props: { whyNot: string | undefined; isBusy: boolean; onCancel: () => void }) {
  return (
    <div className="sticky -bottom-5 -mx-5 mt-auto -mb-5 flex flex-wrap items-center justify-end gap-2 border-line border-t bg-raised px-5 py-3">
      <p className="mr-auto text-muted">Active calls continue.</p>
      <Button onClick={props.onCancel}>Cancel</Button>
      <Button kind="primary" type="submit" disabled={props.isBusy} disabledBecause={props.whyNot}>
        Save
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
        return await bodyOf(
          api.PUT("/v1/reservations", {
            params: { header: { "if-match": `"${version}"` } },
            body: { reservations: [{ agent: agent.id, ...slots }] },
          }),
        );
      } catch (error) {
        if (isMismatch(error)) setTheirs(await bodyOf(api.GET("/v1/concurrency")));
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

function isMismatch(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "version_mismatch";
}
