import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { useSay } from "../../ui/message/toast-provider";
import { setPaused } from "./gate-queries";

interface Pausing {
  id: string;
  paused: boolean;
  /** It takes back what was done just now. */
  isUndo?: boolean;
}

/** Pauses a gate or lets it go on at once, and can take that back. */
export function usePause(): (gate: { id: string; paused: boolean }) => void {
  const say = useSay();
  const queries = useQueryClient();
  const { mutate } = useMutation({
    mutationFn: ({ id, paused }: Pausing) => setPaused(id, paused),
    onSuccess: ({ name }, { id, paused, isUndo }) => {
      const undo = () => mutate({ id, paused: !paused, isUndo: true });
      say(`${name} is ${paused ? "paused" : "open to calls again"}.`, isUndo ? {} : { undo });
      void queries.invalidateQueries({ queryKey: ["gates"] });
    },
    onError: ({ message }, { paused }) =>
      say(`It could not be ${paused ? "paused" : "resumed"}: ${message}.`),
  });
  return useCallback(({ id, paused }) => mutate({ id, paused: !paused }), [mutate]);
}
