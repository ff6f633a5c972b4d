/** One client for each process, also where Next.js loads a module again in development. */
import { Callslot } from "callslot";

const scope = globalThis as { callslot?: Callslot };

export function slots(): Callslot {
  scope.callslot ??= Callslot.fromEnv();
  return scope.callslot;
}
