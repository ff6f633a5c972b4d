// Who is signed in, what they may do, and the organisation they look at.

import { useQuery, useQueryClient } from "@tanstack/react-query";
import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
} from "react";
import { actIn, api, bodyOf } from "../api/client";
import { ProblemError } from "../api/problem";
import { includesRole, type Role, type Session } from "../domain";
import { Button } from "../ui/control/button";
import { ProblemNote } from "../ui/message/problem-note";
import { Loading } from "../ui/page/page";
import { forgetAll, forgetOrg, SESSION_QUERY, saysSignedOut } from "./queries";

/** Asks the server who is signed in; null: nobody is. */
export function useSessionQuery() {
  const queries = useQueryClient();
  return useQuery({
    queryKey: SESSION_QUERY,
    queryFn: async ({ signal }): Promise<Session | null> => {
      const session = await readSession(signal);
      const before = queries.getQueryData<Session | null>(SESSION_QUERY);
      // Another tab may have signed out, or in with another key.
      if (before != null && before.key.id !== session?.key.id) forgetAll(queries);
      return session;
    },
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: "always",
  });
}

async function readSession(signal: AbortSignal): Promise<Session | null> {
  try {
    return await bodyOf(api.GET("/v1/session", { signal }));
  } catch (error) {
    if (saysSignedOut(error)) return null;
    throw error;
  }
}

export interface SignedIn {
  session: Session;
  /** The selected organisation: the key's own, or the one an operator has chosen. Empty: there is none yet. */
  org: string;
  /** For operators: selects another organisation; null: the first one. */
  chooseOrg: (org: string | null) => void;
}

const Context = createContext<SignedIn | undefined>(undefined);

const CHOSEN_ORG = "callslot.org";
const LOOKED_AT = "org-looked-at";

/** Everything below it is shown to someone who is signed in and has an organisation selected. */
export function SignedInProvider(props: { session: Session; children: ReactNode }) {
  const { session, children } = props;
  const queries = useQueryClient();
  const [chosen, setChosen] = useState(() => localStorage.getItem(CHOSEN_ORG));
  const isOperator = session.org === null;
  const lookedAt = useQuery({
    queryKey: [LOOKED_AT, chosen],
    queryFn: () => chosenOrFirstOrg(chosen),
    enabled: isOperator,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const org = session.org ?? lookedAt.data;
  const actsIn = isOperator && org !== undefined && org !== "" ? org : null;
  // Before children ask for anything: they do in effects, which come later.
  useLayoutEffect(() => {
    actIn(actsIn);
    return () => actIn(null);
  }, [actsIn]);
  const value = useMemo(() => {
    if (org === undefined) return undefined;
    const chooseOrg = (next: string | null) => {
      forgetOrg(queries);
      if (next === null) {
        localStorage.removeItem(CHOSEN_ORG);
        void queries.resetQueries({ queryKey: [LOOKED_AT] });
      } else {
        localStorage.setItem(CHOSEN_ORG, next);
        queries.setQueryData([LOOKED_AT, next], next);
      }
      setChosen(next);
    };
    return { session, org, chooseOrg };
  }, [session, org, queries]);
  if (value !== undefined) return <Context.Provider value={value}>{children}</Context.Provider>;
  if (lookedAt.error === null) return <Loading what="organisations" />;
  return (
    <main className="mx-auto flex max-w-md flex-col gap-3 p-6">
      <ProblemNote error={lookedAt.error} />
      <Button onClick={() => lookedAt.refetch()}>Try again</Button>
    </main>
  );
}

/** For tests: someone who need not pass the gate. */
export function SignedInAs({ as, children }: { as: SignedIn; children: ReactNode }) {
  return <Context.Provider value={as}>{children}</Context.Provider>;
}

/** The id of the organisation chosen last, if it still exists, or else of the first; empty: there is none. */
async function chosenOrFirstOrg(chosen: string | null): Promise<string> {
  if (chosen !== null) {
    try {
      return (await bodyOf(api.GET("/v1/orgs/{id}", { params: { path: { id: chosen } } }))).id;
    } catch (error) {
      const isGone = error instanceof ProblemError && [400, 404, 422].includes(error.status);
      if (!isGone) throw error;
    }
  }
  const { items } = await bodyOf(api.GET("/v1/orgs", { params: { query: { limit: 1 } } }));
  return items[0]?.id ?? "";
}

/** Who is signed in. */
export function useSignedIn(): SignedIn {
  const value = useContext(Context);
  if (value === undefined) throw new Error("only those who are signed in see this");
  return value;
}

/** Why the person signed in cannot do what needs a role; undefined if they can. */
export function useBarred(least: Role): string | undefined {
  const { role } = useSignedIn().session;
  return includesRole(role, least)
    ? undefined
    : `This requires the role ${least}; your key has the role ${role}.`;
}
