// How gates are read, made, changed and deleted.

import { api, bodyOf } from "../../api/client";
import { ProblemError } from "../../api/problem";
import type { Gate } from "../../domain";
import { settingsOf } from "../../live/state/gates";
import type { GatePut } from "./gate-draft";

/** All gates, by id. */
export async function readGates(signal: AbortSignal): Promise<ReadonlyMap<string, Gate>> {
  const gates = new Map<string, Gate>();
  let cursor: string | undefined;
  do {
    const query = { limit: 1000, ...(cursor !== undefined && { cursor }) };
    const page = await bodyOf(api.GET("/v1/gates", { params: { query }, signal }));
    for (const gate of page.items) gates.set(gate.id, gate);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return gates;
}

export function putGate(id: string, body: GatePut): Promise<Gate> {
  return bodyOf(api.PUT("/v1/gates/{id}", { params: { path: { id } }, body }));
}

/** Creates a gate; refuses when there is one of its id. */
export async function createGate(id: string, put: GatePut): Promise<Gate> {
  const params = { path: { id } };
  const existing = await bodyOf(api.GET("/v1/gates/{id}", { params })).catch(ifUnknown);
  if (existing !== undefined) {
    throw new Error(
      `the gate ${id} already exists, named "${existing.name}"; edit it, or choose another id`,
    );
  }
  return putGate(id, put);
}

/** Pauses a gate or lets it go on; whatever else was changed meanwhile stays. */
export async function setPaused(id: string, paused: boolean): Promise<Gate> {
  const now = await bodyOf(api.GET("/v1/gates/{id}", { params: { path: { id } } }));
  const { id: _, within_hours: __, ...settings } = settingsOf(now);
  return putGate(id, { ...settings, paused });
}

export async function deleteGate(id: string): Promise<void> {
  await bodyOf(api.DELETE("/v1/gates/{id}", { params: { path: { id } } }));
}

/** Ends the waiting calls of a gate; says how many those were. */
export async function cancelWaiting(gate: string, note: { note?: string }): Promise<number> {
  const body = { gate, state: "queued" as const, ...note };
  return (await bodyOf(api.POST("/v1/calls/end", { body }))).ended;
}

function ifUnknown(error: unknown): undefined {
  if (error instanceof ProblemError && error.code === "unknown_gate") return undefined;
  throw error;
}
