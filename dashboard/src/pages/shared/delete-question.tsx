import { useMutation } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Confirm } from "../../ui/dialog/dialog";
import { useSay } from "../../ui/message/toast-provider";

interface DeleteQuestionProps {
  /** What it is: "agent". */
  what: string;
  name: string;
  onDelete: () => Promise<unknown>;
  onDeleted?: () => void;
  onClose: () => void;
  /** What will be so afterwards, and what has to go first. */
  children: ReactNode;
}

/** Asks once before something is deleted. */
export function DeleteQuestion(props: DeleteQuestionProps) {
  const { what, name, onDelete, onDeleted, onClose, children } = props;
  const say = useSay();
  const remove = useMutation({
    mutationFn: onDelete,
    onSuccess: () => {
      say(`${what.charAt(0).toUpperCase()}${what.slice(1)} ${name} was deleted.`);
      onDeleted?.();
      onClose();
    },
  });
  return (
    <Confirm
      title={`Delete ${what} ${name}?`}
      action={`Delete ${what}`}
      isOpen
      isBusy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
      consequence={<div className="flex flex-col gap-2">{children}</div>}
    />
  );
}
