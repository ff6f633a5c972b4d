import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { includesRole, type Role } from "../../domain";
import { useSignedIn } from "../../session";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Field, TextInput } from "../../ui/field";
import { ProblemNote } from "../../ui/problem-note";
import { Select } from "../../ui/select";
import { KEYS, makeKey } from "./key-queries";
import { ROLE_TEXT } from "./key-words";
import { NewSecret } from "./new-secret";

const ROLES = ["viewer", "engine", "admin", "operator"] as const satisfies Role[];

/** Makes a key and shows its secret this once. The secret is kept nowhere else, and here only while the dialog is open. */
export function CreateKey({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<{ name: string; secret: string } | null>(null);
  const [isCopied, setCopied] = useState(false);
  const [isWarned, setWarned] = useState(false);
  // A secret that nobody has is a key that nobody can use: ask once.
  const close = () => (made === null || isCopied || isWarned ? onClose() : setWarned(true));
  return made === null ? (
    <Dialog title="Create key" isOpen onClose={close}>
      <KeyForm onMade={(name, secret) => setMade({ name, secret })} />
    </Dialog>
  ) : (
    <Dialog
      title="The key is made"
      description={`Copy the secret of ${made.name} now. You will not see it again.`}
      isOpen
      onClose={close}
    >
      <NewSecret
        what="secret"
        secret={made.secret}
        isWarned={isWarned}
        onCopied={() => setCopied(true)}
        onClose={close}
      >
        Keep it like a password. Programs read it from <code>CALLSLOT_KEY</code>.
      </NewSecret>
    </Dialog>
  );
}

function KeyForm({ onMade }: { onMade: (name: string, secret: string) => void }) {
  const { session, org } = useSignedIn();
  const queries = useQueryClient();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("engine");
  const make = useMutation({
    mutationFn: async () => {
      const { secret, ...key } = await makeKey(name.trim(), role);
      // Not returned: the cache would keep it.
      onMade(key.name, secret ?? "");
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") make.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Name" hint="Which program uses it, and where: it is how you tell keys apart.">
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
      <ProblemNote error={make.error} />
      <div className="flex justify-end">
        <Button kind="primary" type="submit" disabled={make.isPending}>
          Create key
        </Button>
      </div>
    </form>
  );
}
