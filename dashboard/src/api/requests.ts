// Requests typed by the API's document. The types are openapi-fetch's; its code can do more than is asked for here.

import type { Client } from "openapi-fetch";
import type { paths } from "./schema";

type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE";

export type TypedClient = Pick<Client<paths>, Method>;

type Values = Readonly<Record<string, string | number | boolean | undefined>>;

/** What a caller says of a request. */
interface Init {
  params?: { path?: Values; query?: Values; header?: Values };
  body?: unknown;
  signal?: AbortSignal;
  /** Changes the request before it is sent. */
  middleware?: readonly { onRequest?: (about: { request: Request }) => unknown }[];
}

/** A client whose requests are completed by `prepare` and go through `send`. */
export function typedClient(
  prepare: (request: Request) => void,
  send: (request: Request) => Promise<Response>,
): TypedClient {
  const by =
    (method: Method) =>
    async (path: string, { params, body, signal, middleware = [] }: Init = {}) => {
      const request = new Request(addressOf(path, params?.path, params?.query), {
        method,
        ...(body !== undefined && {
          body: JSON.stringify(body),
          headers: { "content-type": "application/json" },
        }),
        ...(signal !== undefined && { signal }),
      });
      for (const [name, value] of pairs(params?.header)) request.headers.set(name, value);
      prepare(request);
      for (const { onRequest } of middleware) await onRequest?.({ request });
      return answerOf(await send(request));
    };
  const client = { GET: by("GET"), PUT: by("PUT"), POST: by("POST"), PATCH: by("PATCH") };
  return { ...client, DELETE: by("DELETE") } as unknown as TypedClient;
}

function addressOf(path: string, values: Values | undefined, query: Values | undefined): URL {
  const named = path.replace(/\{(.+?)\}/g, (_, name) => encodeURIComponent(values?.[name] ?? ""));
  const url = new URL(named, globalThis.location.origin);
  for (const [name, value] of pairs(query)) url.searchParams.append(name, value);
  return url;
}

function pairs(values: Values = {}): [string, string][] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)]],
  );
}

/** The body, if there is one: parsed, where it is JSON. */
async function answerOf(response: Response) {
  const text = await response.text();
  if (response.ok) return { response, data: text === "" ? undefined : JSON.parse(text) };
  return { response, error: parsed(text) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
