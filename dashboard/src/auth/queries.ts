// The cache of what was read from the server, and what happens to it when a session begins or ends.

import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ProblemError } from "../api/problem";
import type { Session } from "../domain";

export const SESSION_QUERY = ["session"] as const;

/** First words of the keys of data that belongs to no organisation. */
const OF_NO_ORG: readonly unknown[] = [SESSION_QUERY[0], "orgs", "plans", "org-looked-at"];

/** Whether an error says that nobody is signed in any longer. */
export function saysSignedOut(error: unknown): boolean {
  return error instanceof ProblemError && error.status === 401;
}

/** The cache of the app: any answer that says so makes it ask who is signed in. */
export function createQueries(): QueryClient {
  const queries: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError: (error, { queryKey }) => {
        if (queryKey[0] !== SESSION_QUERY[0]) noteRefusal(queries, error);
      },
    }),
    mutationCache: new MutationCache({ onError: (error) => noteRefusal(queries, error) }),
    defaultOptions: {
      queries: {
        retry: (failures, error) => failures < 3 && isWorthRepeating(error),
        refetchOnWindowFocus: true,
        staleTime: 2_000,
        // A server on this machine is reached without a network.
        networkMode: "always",
      },
      mutations: { networkMode: "always" },
    },
  });
  return queries;
}

function isWorthRepeating(error: Error): boolean {
  return error instanceof ProblemError && (error.status === 0 || error.status >= 500);
}

/** Asks who is signed in after an error says that nobody is; the gate follows the answer. */
export function noteRefusal(queries: QueryClient, error: unknown): void {
  if (!saysSignedOut(error)) return;
  void queries.refetchQueries({ queryKey: SESSION_QUERY }, { cancelRefetch: false });
}

/** Where somebody signed out by hand, so that nobody has to say why the session is over. */
const signedOutByHand = new WeakSet<QueryClient>();

/** Whether the session ended without anybody asking for it here. */
export function hasEndedElsewhere(queries: QueryClient): boolean {
  return !signedOutByHand.has(queries);
}

/** Begins a session, or ends it with null. */
export async function signedInAs(queries: QueryClient, session: Session | null): Promise<void> {
  // An answer still on its way is about who was signed in before.
  await queries.cancelQueries({ queryKey: SESSION_QUERY });
  if (session === null) signedOutByHand.add(queries);
  else signedOutByHand.delete(queries);
  queries.setQueryData(SESSION_QUERY, session);
  forgetAll(queries);
}

/** Drops everything that was read in the last session. */
export function forgetAll(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_QUERY[0] });
}

/** Drops what was read in the selected organisation. */
export function forgetOrg(queries: QueryClient): void {
  queries.removeQueries({ predicate: ({ queryKey }) => !OF_NO_ORG.includes(queryKey[0]) });
}
