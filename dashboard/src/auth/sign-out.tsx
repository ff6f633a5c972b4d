import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../api/client";
import { Button } from "../ui/button";
import { Confirm } from "../ui/dialog";
import { RowMenu } from "../ui/menu";
import { ProblemNote } from "../ui/problem-note";
import { signedInAs } from "./queries";
import { useSignedIn } from "./session";

/** Ends the session of this browser, or those of all browsers. */
export function SignOut() {
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
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center justify-between gap-1">
        <Button onClick={() => signOut.mutate(false)} disabled={signOut.isPending}>
          Sign out
        </Button>
        <RowMenu
          label="More ways to sign out"
          actions={[
            { label: "Sign out everywhere", isDangerous: true, onSelect: () => setAsking(true) },
          ]}
        />
      </div>
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
    </div>
  );
}
