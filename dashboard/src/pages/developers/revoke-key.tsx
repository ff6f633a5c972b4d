import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useSignedIn } from "../../auth/session";
import type { Key } from "../../domain";
import { Confirm } from "../../ui/dialog/dialog";
import { useSay } from "../../ui/message/toast-provider";
import { KEYS, revokeKey } from "./key-queries";
import { whatStops } from "./key-words";

/** Asks once before a key is revoked. */
export function RevokeKey({ revoked, onClose }: { revoked: Key; onClose: () => void }) {
  const { session } = useSignedIn();
  const queries = useQueryClient();
  const say = useSay();
  const revoke = useMutation({
    mutationFn: () => revokeKey(revoked),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: [KEYS] });
      say(`The key ${revoked.name} was revoked.`);
      onClose();
    },
  });
  return (
    <Confirm
      title={`Revoke the key ${revoked.name}?`}
      consequence={
        <>
          <p>{whatStops(revoked.role)}</p>
          {revoked.id === session.key.id && (
            <p className="mt-2 font-medium text-danger">
              You are signed in with this key, so this browser is signed out too.
            </p>
          )}
          <p className="mt-2">It cannot be taken back; a new key has a new secret.</p>
        </>
      }
      action="Revoke"
      isOpen
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() => revoke.mutate()}
      onClose={onClose}
    />
  );
}
