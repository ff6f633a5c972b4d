// Runs a call through the types that openapi-typescript generates, with openapi-fetch: starts it, reads it, ends it, and reads
// the history. Arguments: the server's URL, an admin key.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

const [url, key] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${key}` } });

function must<T>(answer: { data?: T; error?: unknown }): T {
  if (answer.data === undefined) throw new Error(JSON.stringify(answer.error));
  return answer.data;
}

/** What a marker is about: its type follows from `kind`. */
function about(marker: components["schemas"]["HistoryMarker"]): string {
  switch (marker.kind) {
    case "reservations.changed":
      return `${marker.detail.reservations.length} reservations`;
    case "limit.changed":
      return `limit ${marker.detail.limit}`;
    case "agent.changed":
      return `agent ${marker.detail.id}`;
    case "type.changed":
      return `type ${marker.detail.type}`;
    case "gate.changed":
      return `gate ${marker.detail.id}`;
    case "alert.changed":
      return `alert ${marker.detail.id}`;
  }
}

const agent = { params: { path: { id: "typescript" } }, body: { name: "From TypeScript" } };
must(await client.PUT("/v1/agents/{id}", agent));
const started = must(await client.POST("/v1/calls", { body: { agent: "typescript", type: "chat" } }));
const id = { params: { path: { id: started.id } } };
if (must(await client.GET("/v1/calls/{id}", id)).state !== "active") throw new Error("not active");
const ended = must(await client.POST("/v1/calls/{id}/end", { ...id, body: {} }));
if (ended.reason !== "completed") throw new Error(JSON.stringify(ended));

const to = new Date();
const from = new Date(to.getTime() - 300_000);
const query = { from: from.toISOString(), to: to.toISOString() };
const history = must(await client.GET("/v1/history", { params: { query } }));
if (typeof history === "string") throw new Error("CSV, which was not asked for");
console.log(`typescript: call ${ended.id} ${ended.reason}; markers: ${history.markers.map(about).join(", ")}`);
