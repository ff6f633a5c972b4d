import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, bodyOf } from "../../api/client";
import type { components } from "../../api/schema";
import { useBarred } from "../../auth/session";
import { CALL_TYPES, type CallType, TYPE_NAME } from "../../domain";
import { count } from "../../format";
import { paceWords } from "../../gate-words";
import { useLive } from "../../live/live-provider";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { focusFirstInvalid } from "../../ui/form/focus-first-invalid";
import { wholeNumberIn } from "../../ui/form/number-text";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { useSay } from "../../ui/message/toast-provider";
import { Section } from "../../ui/page/page";
import type { WindowedColumn } from "../../ui/table/table-column";
import { WindowedTable } from "../../ui/table/windowed-table";
import { capError } from "../shared/field-errors";
import { paceDraftOf, paceErrors, paceOf } from "../shared/pace/pace-draft";
import { PaceFields } from "../shared/pace/pace-fields";

type Limits = components["schemas"]["TypeSettings"];

/** The cap and the pace of each call type, over all agents. */
export function TypeLimits() {
  const caps = useLive(({ pool }) => pool.type_caps);
  const paces = useLive(({ pool }) => pool.type_paces);
  const barred = useBarred("admin");
  const [editing, setEditing] = useState<Limits>();
  if (caps === undefined || paces === undefined) return null;
  const rows = CALL_TYPES.map((type) => ({ type, cap: caps[type], pace: paces[type] }));
  return (
    <Section title="Call types" description="What applies to all agents' calls of a type together.">
      <WindowedTable
        label="Call types"
        columns={columns(barred, setEditing)}
        rows={rows}
        keyOf={({ type }) => type}
      />
      {editing !== undefined && <EditType limits={editing} onClose={() => setEditing(undefined)} />}
    </Section>
  );
}

function columns(
  barred: string | undefined,
  onEdit: (limits: Limits) => void,
): WindowedColumn<Limits>[] {
  return [
    { key: "type", head: "Type", width: 8, isWide: true, cell: ({ type }) => TYPE_NAME[type] },
    {
      key: "cap",
      head: "Cap",
      width: 6,
      isNumber: true,
      cell: ({ cap }) => (cap === null ? <span className="text-muted">no cap</span> : count(cap)),
    },
    {
      key: "pace",
      head: "Pace",
      width: 12,
      cell: ({ pace }) =>
        pace === null ? <span className="text-muted">no pace</span> : paceWords(pace),
    },
    {
      key: "do",
      head: <span className="sr-only">Actions</span>,
      width: 5,
      isNumber: true,
      isFilled: true,
      cell: (limits) => (
        <Button
          kind="quiet"
          aria-label={`Edit ${TYPE_NAME[limits.type]}`}
          disabledBecause={barred}
          onClick={() => onEdit(limits)}
        >
          Edit
        </Button>
      ),
    },
  ];
}

/** Changes the cap and the pace of a type, which can be taken back. */
function EditType({ limits, onClose }: { limits: Limits; onClose: () => void }) {
  const { type } = limits;
  const begun = {
    cap: limits.cap === null ? "" : String(limits.cap),
    pace: paceDraftOf(limits.pace),
  };
  const [cap, setCap] = useState(begun.cap);
  const [pace, setPace] = useState(begun.pace);
  const save = useSave(type, limits, onClose);
  const wrongCap = capError(cap);
  const wrongPace = paceErrors(pace);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const isRight = wrongCap === undefined && Object.keys(wrongPace).length === 0;
    if (isRight) save.mutate({ cap: wholeNumberIn(cap) ?? null, pace: paceOf(pace) });
    else focusFirstInvalid(event.currentTarget);
  };
  return (
    <Dialog title={`Edit ${TYPE_NAME[type].toLowerCase()} calls`} isOpen onClose={onClose}>
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <Unsaved when={JSON.stringify({ cap, pace }) !== JSON.stringify(begun)} />
        <Field
          label="Cap (optional)"
          hint="The most calls of this type that may be active at once. A lower cap ends no call."
          error={wrongCap}
        >
          <TextInput
            name="cap"
            autoFocus
            inputMode="numeric"
            placeholder="No cap"
            value={cap}
            onChange={(event) => setCap(event.target.value)}
          />
        </Field>
        <PaceFields draft={pace} errors={wrongPace} onChange={setPace} />
        <ProblemNote error={save.error} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton action="Save" isBusy={save.isPending} />
        </div>
      </form>
    </Dialog>
  );
}

function useSave(type: CallType, before: Limits, onClose: () => void) {
  const say = useSay();
  const put = (body: components["schemas"]["TypePut"]) =>
    bodyOf(api.PUT("/v1/types/{type}", { params: { path: { type } }, body }));
  const putBack = useMutation({
    mutationFn: () => put({ cap: before.cap, pace: before.pace }),
    onSuccess: () => say(`${TYPE_NAME[type]} is as it was.`),
    onError: ({ message }) => say(`It could not be undone: ${message}.`),
  });
  return useMutation({
    mutationFn: put,
    onSuccess: () => {
      say(`${TYPE_NAME[type]} was saved.`, { undo: () => putBack.mutate() });
      onClose();
    },
  });
}
