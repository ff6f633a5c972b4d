import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Webhook } from "../../api/named";
import { Confirm } from "../../ui/dialog/dialog";
import { rotateSecret, WEBHOOKS } from "./webhook-queries";

interface RotateSecretProps {
  webhook: Webhook;
  onSecret: (of: { url: string; secret: string }) => void;
  onClose: () => void;
}

/** Asks once before a webhook gets a new secret. */
export function RotateSecret({ webhook, onSecret, onClose }: RotateSecretProps) {
  const queries = useQueryClient();
  const rotate = useMutation({
    mutationFn: async () => {
      const { url, secret } = await rotateSecret(webhook.id);
      // Not returned: the cache would keep it.
      onSecret({ url, secret: secret ?? "" });
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: [WEBHOOKS] });
      onClose();
    },
  });
  return (
    <Confirm
      title="Rotate the secret?"
      consequence="For 24 hours, deliveries are signed with the old and the new secret. After that, only with the new one."
      action="Rotate secret"
      isOpen
      isBusy={rotate.isPending}
      error={rotate.error}
      onConfirm={() => rotate.mutate()}
      onClose={onClose}
    />
  );
}
