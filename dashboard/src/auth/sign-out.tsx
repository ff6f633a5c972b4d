import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { api, bodyOf } from "../api/client";
import { Button } from "../ui/control/button";
import { Confirm } from "../ui/dialog/dialog";
import { ProblemNote } from "../ui/message/problem-note";
import { signedInAs } from "./queries";
import { useSignedIn } from "./session";

/** Ends the session of this browser, for where there is no menu. */
export function SignOut() {
  const { isBusy, here, said } = useSignOut();
  return (
    <div className="flex flex-col items-start gap-2">
      <Button onClick={here} disabled={isBusy}>
        Sign out
      </Button>
      {said}
    </div>
  );
}

/** Ends the session of this browser, or, after a question, those of all browsers. */
export function useSignOut(): {
  isBusy: boolean;
  here: () => void;
  everywhere: () => void;
  /** The question, and what went wrong: to be shown somewhere. */
  said: ReactNode;
} {
  const { session } = useSignedIn();
  const queries = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const signOut = useMutation({
    mutationFn: (everywhere: boolean) =>
      bodyOf(api.DELETE("/v1/session", { params: { query: { everywhere } } })),
    // The gate shows the sign-in page.
    onSuccess: () => signedInAs(queries, null),
  });
  const close = () => {
    setAsking(false);
    signOut.reset();
  };
  const said = (
    <>
      {!isAsking && <ProblemNote error={signOut.error} />}
      <Confirm
        title="Sign out everywhere?"
        consequence={`This signs out every browser that uses the key "${session.key.name}", including this one, and its unused sign-in links stop working. The key itself stays valid.`}
        action="Sign out everywhere"
        isOpen={isAsking}
        isBusy={signOut.isPending}
        error={signOut.error}
        onConfirm={() => signOut.mutate(true)}
        onClose={close}
      />
    </>
  );
  return {
    isBusy: signOut.isPending,
    here: () => signOut.mutate(false),
    everywhere: () => setAsking(true),
    said,
  };
}
