import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useCallback, useEffect, useRef, useState } from "react";
import { api, bodyOf } from "../api/client";
import type { Session } from "../domain";
import { Button } from "../ui/control/button";
import { Field, TextInput } from "../ui/form/field";
import icon from "../ui/icon.svg";
import { Note } from "../ui/message/note";
import { ProblemNote } from "../ui/message/problem-note";
import { Loading } from "../ui/page/page";
import { signedInAs } from "./queries";

/** Asks for a key, or takes the one-time code of a link. */
export function SignInPage(props: {
  code: string | null;
  /** Who is signed in already, when a link is opened in a browser that is. */
  session: Session | null;
  /** The session that ended without anybody signing out here. */
  ended: Session | null;
  onDone: () => void;
}) {
  const { code, session, ended, onDone } = props;
  const { signIn, isBusy, error } = useSignIn(onDone);
  const tried = useRef<string | null>(null);
  const [refusedCode, setRefusedCode] = useState<string | null>(null);
  useEffect(() => {
    document.title = "Sign in · Callslot";
  }, []);
  useEffect(() => {
    // Once only: React runs effects twice while developing, and a code works once.
    if (code === null || tried.current === code) return;
    tried.current = code;
    void signIn({ code }).then((isIn) => !isIn && setRefusedCode(code));
  }, [code, signIn]);
  const isTakingCode = code !== null && code !== refusedCode;
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-5 p-6">
      <div className="flex items-center gap-2.5">
        <img src={icon} alt="" className="size-7" />
        <h1 className="font-semibold text-xl">Sign in to Callslot</h1>
      </div>
      {ended !== null && code === null && (
        <Note kind="warning" role="alert">
          Your session with the key <bdi>{ended.key.name}</bdi> has ended: the key was revoked, it
          was signed out everywhere, or the session expired. Sign in again to go on where you were.
        </Note>
      )}
      {isTakingCode ? (
        <Loading what="the sign-in link" />
      ) : (
        <KeyForm isBusy={isBusy} error={error} onKey={(key) => signIn({ key })} />
      )}
      {session !== null && !isTakingCode && (
        <Button onClick={onDone}>Stay signed in as {session.key.name}</Button>
      )}
      <p className="text-muted">
        No key at hand? Run <code>callslot dashboard</code> on the server to get a one-time sign-in
        link.
      </p>
    </main>
  );
}

function KeyForm(props: { isBusy: boolean; error: Error | null; onKey: (key: string) => void }) {
  const { isBusy, error, onKey } = props;
  const [key, setKey] = useState("");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (error !== null) input.current?.select();
  }, [error]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isBusy && key.trim() !== "") onKey(key.trim());
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <ProblemNote error={error} />
      <Field
        label="API key"
        hint="It starts with cs_. An admin can create one on the Developers page or with callslot key create."
      >
        <TextInput
          ref={input}
          type="password"
          name="key"
          autoComplete="current-password"
          autoFocus
          required
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      </Field>
      <Button kind="primary" type="submit" disabled={isBusy} focusableWhenDisabled>
        {isBusy ? "Signing in …" : "Sign in"}
      </Button>
    </form>
  );
}

type Proof = { key: string } | { code: string };

/** Signs in, and says whether it could. Not a mutation of the query cache, which would remember the key. */
function useSignIn(onDone: () => void) {
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error | null>(null);
  const done = useRef(onDone);
  done.current = onDone;
  const signIn = useCallback(
    async (proof: Proof) => {
      setBusy(true);
      setError(null);
      try {
        await signedInAs(queries, await bodyOf(api.POST("/v1/session", { body: proof })));
        done.current();
        return true;
      } catch (refused) {
        setError(refused as Error);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [queries],
  );
  return { signIn, isBusy, error };
}
