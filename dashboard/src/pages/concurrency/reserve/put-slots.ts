// Saves reservations, if nobody changed them since they were read.

import { api, bodyOf } from "../../../api/client";
import { ProblemError } from "../../../api/problem";
import type { CallType, Pool, PoolAgent } from "../../../domain";
import { type Slots, slotsOf } from "./draft";

/** Puts all slots of an agent for a version of the reservations. */
export function putSlots(agent: PoolAgent, slots: Slots, version: number) {
  return bodyOf(
    api.PUT("/v1/reservations", {
      params: { header: { "if-match": `"${version}"` } },
      body: { reservations: [{ agent: agent.id, ...slots }] },
    }),
  );
}

export function readPool(): Promise<Pool> {
  return bodyOf(api.GET("/v1/concurrency"));
}

/** Whether somebody else saved in the meantime. */
export function isMismatch(error: unknown): boolean {
  return error instanceof ProblemError && error.code === "version_mismatch";
}

/** One number of an agent's reservations. */
export interface NumberChange {
  agent: string;
  type: CallType;
  from: number;
  to: number;
}

/** Somebody else changed the same number in the meantime. */
export class NumberConflict extends Error {
  readonly theirs: number;
  constructor(theirs: number) {
    super(`someone else set this to ${theirs} in the meantime`);
    this.theirs = theirs;
  }
}

/** Changes one number and leaves what others changed beside it. */
export async function putNumber(pool: Pool, change: NumberChange): Promise<void> {
  try {
    await putOver(pool, change);
  } catch (error) {
    if (!isMismatch(error)) throw error;
    await putOver(await readPool(), change);
  }
}

async function putOver(pool: Pool, { agent: id, type, from, to }: NumberChange): Promise<void> {
  const agent = pool.agents.find((each) => each.id === id);
  if (agent === undefined) throw new Error("this agent was deleted in the meantime");
  const slots = slotsOf(agent);
  if (slots[type] !== from) throw new NumberConflict(slots[type]);
  await putSlots(agent, { ...slots, [type]: to }, pool.version);
}
