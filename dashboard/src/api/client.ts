// The one way to the server: typed by its OpenAPI document, with refusals thrown as `ProblemError`.

import createClient, { type Middleware } from "openapi-fetch";
import { ProblemError } from "./problem";
import type { paths } from "./schema";

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

const nameOrg: Middleware = {
  onRequest({ request }) {
    if (actingOrg !== null) request.headers.set(ORG_HEADER, actingOrg);
    return request;
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return ProblemError.unreachable();
  },
};

// Looked up at each call, so that tests can put a server of their own in its place.
export const api = createClient<paths>({
  baseUrl: globalThis.location.origin,
  fetch: (request) => globalThis.fetch(request),
});
api.use(nameOrg);

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
