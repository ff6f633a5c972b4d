import { useMutation } from "@tanstack/react-query";
import { api, bodyOf } from "../../../api/client";
import { TYPE_NAME } from "../../../domain";
import { counted } from "../../../format";
import { Confirm } from "../../../ui/dialog/dialog";
import { useSay } from "../../../ui/message/toasts";
import type { ClassGroup } from "./class-groups";

/** Asks once before it ends all waiting calls of an agent and type. */
export function EndClass(props: { group: ClassGroup; name: string; onClose: () => void }) {
  const { name, onClose } = props;
  const { agent, type, calls } = props.group;
  const say = useSay();
  const end = useMutation({
    mutationFn: () => bodyOf(api.POST("/v1/calls/end", { body: { agent, type, state: "queued" } })),
    onSuccess: ({ ended }) => {
      say(`${counted(ended, "waiting call")} of ${name} ended.`);
      onClose();
    },
  });
  return (
    <Confirm
      title={`End ${counted(calls, "waiting call")} of ${name}?`}
      consequence={`All ${TYPE_NAME[type]} calls of ${name} that wait leave the queue as canceled, without taking a slot. Active calls go on.`}
      action="End all"
      isOpen
      isBusy={end.isPending}
      error={end.error}
      onConfirm={() => end.mutate()}
      onClose={onClose}
    />
  );
}
