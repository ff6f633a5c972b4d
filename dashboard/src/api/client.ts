// The one way to the server: typed by its OpenAPI document, with refusals thrown as `ProblemError`.

import { ProblemError, unreachable } from "./problem";
import { typedClient } from "./requests";

/** The header with which an operator names the organisation to act in. */
export const ORG_HEADER = "callslot-org";

let actingOrg: string | null = null;

/** Sets the organisation that requests of an operator act in; null: the key's own. */
export function actIn(org: string | null): void {
  actingOrg = org;
}

/** Headers of requests that do not go through `api`. */
export function orgHeaders(): Record<string, string> {
  return actingOrg === null ? {} : { [ORG_HEADER]: actingOrg };
}

/** The API. Looked up at each call, so that tests can put a server of their own in the place of `fetch`. */
export const api = typedClient(
  ({ headers }) => {
    if (actingOrg !== null) headers.set(ORG_HEADER, actingOrg);
  },
  (request) =>
    globalThis.fetch(request).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") throw error;
      return unreachable();
    }),
);

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of an answer; throws a `ProblemError` when it is a refusal. */
export async function bodyOf<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked;
  if (!response.ok) throw ProblemError.of(response, error);
  return data as T;
}
