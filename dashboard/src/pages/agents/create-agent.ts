// Creating an agent without replacing one. The API has one verb for both, so it is looked up first.

import { api, bodyOf } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { AgentPut } from "./agent-draft";

/** There is such an agent already; nothing was changed. */
class AgentExistsError extends Error {
  override readonly name = "AgentExistsError";
  constructor(id: string, agentName: string) {
    super(`the agent ${id} already exists, named "${agentName}"; edit it, or choose another id`);
  }
}

/**
 * Creates an agent; throws `AgentExistsError` when there is one. Says "replaced" when somebody else made it between the
 * look and the creation.
 */
export async function createAgent(id: string, put: AgentPut): Promise<"created" | "replaced"> {
  const params = { path: { id } };
  const existing = await bodyOf(api.GET("/v1/agents/{id}", { params })).catch(ifUnknown);
  if (existing !== undefined) throw new AgentExistsError(id, existing.name);
  const asked = api.PUT("/v1/agents/{id}", { params, body: put });
  await bodyOf(asked);
  return (await asked).response.status === 201 ? "created" : "replaced";
}

function ifUnknown(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === "unknown_agent") return undefined;
  throw error;
}
