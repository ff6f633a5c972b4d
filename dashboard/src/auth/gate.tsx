import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import type { Session } from "../domain";
import { Button } from "../ui/control/button";
import { ProblemNote } from "../ui/message/problem-note";
import { Loading } from "../ui/page/page";
import { hasEndedElsewhere } from "./queries";
import { SignedInProvider, useSessionQuery } from "./session";
import { codeIn } from "./sign-in-code";
import { SignInPage } from "./sign-in-page";

/** Shows the app to people who are signed in. Others, and anyone with a one-time link, sign in first. */
export function Gate({ children }: { children: ReactNode }) {
  const { data: session, error, refetch } = useSessionQuery();
  const [code, forgetCode] = useCode();
  const ended = useEndedElsewhere(session);
  if (code === null && session === undefined) {
    if (error === null) return <Loading what="your session" />;
    return (
      <main className="mx-auto flex max-w-md flex-col gap-3 p-6">
        <ProblemNote error={error} />
        <Button onClick={() => refetch()}>Try again</Button>
      </main>
    );
  }
  if (code !== null || session === null || session === undefined) {
    return <SignInPage code={code} session={session ?? null} ended={ended} onDone={forgetCode} />;
  }
  return (
    <SignedInProvider key={session.key.id} session={session}>
      {children}
    </SignedInProvider>
  );
}

/** The session that was the last one here, once it is over and nobody signed out by hand. */
function useEndedElsewhere(session: Session | null | undefined): Session | null {
  const queries = useQueryClient();
  const [last, setLast] = useState<Session | null>(null);
  if (session != null && session !== last) setLast(session);
  return session === null && hasEndedElsewhere(queries) ? last : null;
}

/** The one-time code that the address carries. It is taken out of the address, which the browser remembers. */
function useCode(): [string | null, () => void] {
  const [code, setCode] = useState(() => codeIn(window.location));
  useEffect(() => {
    const take = () => {
      const found = codeIn(window.location);
      if (found === null) return;
      window.history.replaceState(null, "", "/sign-in");
      setCode(found);
    };
    take();
    // A link that is opened where the sign-in page is shown changes nothing but the fragment.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  return [code, () => setCode(null)];
}
