import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useBarred } from "../../../auth/session";
import { Button } from "../../../ui/control/button";
import { ProblemNote } from "../../../ui/message/problem-note";
import { KEYS, makeKey } from "../key-queries";

const WEEK_S = 7 * 86_400;

/** Makes a key to try things with in one step: it may run calls, and expires by itself. */
export function FirstKey(props: { isMade: boolean; onMade: (secret: string) => void }) {
  const barred = useBarred("admin");
  const queries = useQueryClient();
  const make = useMutation({
    mutationFn: async () => {
      const { secret } = await makeKey("first call", "engine", WEEK_S);
      // Not returned: the cache would keep it.
      props.onMade(secret ?? "");
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: [KEYS] }),
  });
  if (props.isMade) {
    return (
      <p role="status" className="text-muted">
        A key with the role engine was created. It expires in 7 days, and its secret is shown only
        here and now.
      </p>
    );
  }
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <Button
          disabledBecause={barred}
          disabled={make.isPending}
          focusableWhenDisabled
          onClick={() => make.mutate()}
        >
          {make.isPending ? "Creating…" : "Create a key for this"}
        </Button>
        <span className="text-muted">or use one that you have, with the role engine.</span>
      </div>
      <ProblemNote error={make.error} />
    </>
  );
}
