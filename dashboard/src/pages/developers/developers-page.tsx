import { useState } from "react";
import { useBarred, useSignedIn } from "../../auth/session";
import { Button } from "../../ui/control/button";
import { Page } from "../../ui/page/page";
import { CreateKey } from "./create-key";
import { FirstCall } from "./first-call/first-call";
import { Keys } from "./keys";
import { Reference } from "./reference";
import { Requests } from "./requests";
import { SignInLink } from "./sign-in-link";

/** What a developer needs: keys, requests to copy, and the reference. */
export function DevelopersPage() {
  const { session } = useSignedIn();
  const barred = useBarred("admin");
  const [isCreating, setCreating] = useState(false);
  const create = (
    <Button kind="primary" disabledBecause={barred} onClick={() => setCreating(true)}>
      Create key
    </Button>
  );
  return (
    <Page title="Developers" actions={create}>
      <Keys
        list="org"
        title="API keys"
        description="Give each program its own key, so that you can revoke it separately."
      />
      {session.role === "operator" && (
        <Keys
          list="operators"
          title="Operator keys"
          description="They belong to no organisation and can do everything in each."
        />
      )}
      <FirstCall />
      <Requests />
      <SignInLink />
      <Reference />
      {isCreating && <CreateKey onClose={() => setCreating(false)} />}
    </Page>
  );
}
