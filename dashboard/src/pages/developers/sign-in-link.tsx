import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, bodyOf } from "../../api/client";
import { useSignedIn } from "../../auth/session";
import { signInLink } from "../../auth/sign-in-code";
import { clock } from "../../format";
import { Button } from "../../ui/control/button";
import { Dialog } from "../../ui/dialog/dialog";
import { ProblemNote } from "../../ui/message/problem-note";
import { Section } from "../../ui/page/page";
import { NewSecret } from "../shared/secret/new-secret";

/** Makes a link that signs another browser in, without its key going anywhere. */
export function SignInLink() {
  const { session } = useSignedIn();
  const [made, setMade] = useState<{ link: string; until: string } | null>(null);
  const make = useMutation({
    mutationFn: async () => {
      const { code, expires_at } = await bodyOf(api.POST("/v1/session/codes"));
      // Not returned: the cache would keep it.
      setMade({ link: signInLink(window.location.origin, code), until: expires_at });
    },
  });
  return (
    <Section
      title="Sign in elsewhere"
      description={`A link signs another browser in once, as ${session.key.name} with the role ${session.role}.`}
      actions={
        <Button onClick={() => make.mutate()} disabled={make.isPending}>
          Create sign-in link
        </Button>
      }
    >
      <ProblemNote error={make.error} />
      {made !== null && (
        <Dialog
          title="Sign-in link"
          description={`It works once, until ${clock(made.until)}. Anyone who opens it can do what you can do.`}
          isOpen
          onClose={() => setMade(null)}
        >
          <NewSecret
            what="link"
            secret={made.link}
            isWarned={false}
            onCopied={() => undefined}
            onClose={() => setMade(null)}
          >
            Open it in the other browser.
          </NewSecret>
        </Dialog>
      )}
    </Section>
  );
}
