import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSignedIn } from "../../auth/session";
import type { Key } from "../../domain";
import { moment } from "../../format";
import { useNow } from "../../live/live-provider";
import { Dialog } from "../../ui/dialog/dialog";
import { Select } from "../../ui/form/select";
import { SubmitButton } from "../../ui/form/submit-button";
import { Note } from "../../ui/message/note";
import { ProblemNote } from "../../ui/message/problem-note";
import { SecretDialog } from "../shared/secret/secret-dialog";
import { KEYS, rotateKey } from "./key-queries";
import { endingOf, GRACES, type Grace, graceSeconds, LIFETIMES, secondsOf } from "./lifetimes";

/** Gives a key a new secret and shows it this once. */
export function RotateKey({ rotated, onClose }: { rotated: Key; onClose: () => void }) {
  const queries = useQueryClient();
  const [made, setMade] = useState<{ secret: string; oldUntil: string | null } | null>(null);
  const rotate = useMutation({
    mutationFn: async ({ graceS, lastsS }: { graceS: number; lastsS: number | undefined }) => {
      const { secret, old_secret_until } = await rotateKey(rotated, graceS, lastsS);
      // Not returned: the cache would keep it.
      setMade({ secret: secret ?? "", oldUntil: old_secret_until });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] }),
  });
  if (made === null) {
    return (
      <Dialog
        title={`Rotate the key ${rotated.name}`}
        description="It gets a new secret. Its name, role and id stay."
        isOpen
        onClose={() => !rotate.isPending && onClose()}
      >
        <RotateForm
          of={rotated}
          isBusy={rotate.isPending}
          error={rotate.error}
          onSubmit={(graceS, lastsS) => rotate.mutate({ graceS, lastsS })}
        />
      </Dialog>
    );
  }
  const old =
    made.oldUntil === null
      ? "The old secret has stopped working."
      : `The old secret works until ${moment(made.oldUntil)}.`;
  return (
    <SecretDialog
      title="Key rotated"
      description={`Copy the new secret of ${rotated.name} now. You will not see it again. ${old}`}
      secret={made.secret}
      onClose={onClose}
    />
  );
}

/** What can be chosen of a key's end when it is rotated. */
type NextEnd = "same" | "7d" | "30d" | "90d" | "1y";

function RotateForm(props: {
  of: Key;
  isBusy: boolean;
  error: Error | null;
  onSubmit: (graceS: number, lastsS: number | undefined) => void;
}) {
  const { session } = useSignedIn();
  const { id, expires_at } = props.of;
  const ending = endingOf(expires_at ?? "", useNow(60_000));
  const [grace, setGrace] = useState<Grace>("24h");
  const [end, setEnd] = useState<NextEnd>(expires_at !== null && ending.isSoon ? "90d" : "same");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const lastsS = end === "same" ? undefined : secondsOf(end);
    if (!props.isBusy) props.onSubmit(graceSeconds(grace), lastsS);
  };
  const same = expires_at === null ? "never, as before" : `at ${moment(expires_at)}, as before`;
  const ends = LIFETIMES.flatMap(({ value, label }) =>
    value === "never" ? [] : [{ value, label }],
  );
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      {!ending.isOver && (
        <Select
          label="The old secret works on"
          value={grace}
          choices={GRACES}
          onChange={setGrace}
        />
      )}
      <Select<NextEnd>
        label="The key expires"
        value={end}
        choices={ending.isOver ? ends : [{ value: "same", label: same }, ...ends]}
        onChange={setEnd}
      />
      {grace === "0" && !ending.isOver && (
        <Note kind="warning">
          Programs that send the old secret are refused from now on, and browsers signed in with it
          are signed out
          {id === session.key.id ? ", except this one" : ""}.
        </Note>
      )}
      <ProblemNote error={props.error} />
      <div className="flex justify-end">
        <SubmitButton action="Rotate key" isBusy={props.isBusy} />
      </div>
    </form>
  );
}
