import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSignedIn } from "../../auth/session";
import { includesRole, ROLES, type Role } from "../../domain";
import { Dialog } from "../../ui/dialog/dialog";
import { Unsaved } from "../../ui/dialog/unsaved";
import { Field, TextInput } from "../../ui/form/field";
import { Select } from "../../ui/form/select";
import { SubmitButton } from "../../ui/form/submit-button";
import { ProblemNote } from "../../ui/message/problem-note";
import { SecretDialog } from "../shared/secret/secret-dialog";
import { KEYS, makeKey } from "./key-queries";
import { ROLE_TEXT } from "./key-words";
import { LIFETIMES, type Lifetime, secondsOf } from "./lifetimes";

/** Makes a key and shows its secret this once. The secret is kept nowhere else, and here only while the dialog is open. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const make = useMutation({
    mutationFn: async (asked: KeyAsked) => {
      const { secret, ...key } = await makeKey(asked.name, asked.role, secondsOf(asked.lifetime));
      // Not returned: the cache would keep it.
      setMade({ name: key.name, secret: secret ?? "" });
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] }),
  });
  return made === null ? (
    <Dialog title="Create key" isOpen onClose={() => !make.isPending && onClose()}>
      <KeyForm isBusy={make.isPending} error={make.error} onSubmit={make.mutate} />
    </Dialog>
  ) : (
    <SecretDialog
      title="Key created"
      description={`Copy the secret of ${made.name} now. You will not see it again.`}
      secret={made.secret}
      onClose={onClose}
    />
  );
}

interface KeyAsked {
  name: string;
  role: Role;
  lifetime: Lifetime;
}

interface KeyFormProps {
  isBusy: boolean;
  error: Error | null;
  onSubmit: (asked: KeyAsked) => void;
}

function KeyForm({ isBusy, error, onSubmit }: KeyFormProps) {
  const { session, org } = useSignedIn();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("engine");
  const [lifetime, setLifetime] = useState<Lifetime>("never");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "" && !isBusy) onSubmit({ name: name.trim(), role, lifetime });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Unsaved when={name !== "" && !isBusy} />
      <Field label="Name" hint="Which program uses it, and where, so you can tell keys apart.">
        <TextInput
          autoFocus
          required
          maxLength={200}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
      </Field>
      <div className="flex flex-col gap-1">
        <Select
          label="Role"
          value={role}
          choices={ROLES.filter((role) => includesRole(session.role, role)).map((role) => ({
            value: role,
            label: role,
          }))}
          onChange={setRole}
        />
        <p aria-live="polite" className="text-muted">
          {role === "operator"
            ? `It belongs to no organisation: ${ROLE_TEXT[role]}.`
            : `For ${org}: ${ROLE_TEXT[role]}.`}
        </p>
      </div>
      <Select label="Expires" value={lifetime} choices={LIFETIMES} onChange={setLifetime} />
      <ProblemNote error={error} />
      <div className="flex justify-end">
        <SubmitButton action="Create key" isBusy={isBusy} />
      </div>
    </form>
  );
}
