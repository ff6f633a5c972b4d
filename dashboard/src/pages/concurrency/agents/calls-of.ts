import type { CallType } from "../../../domain";

/** What one call of a type, and several, are called in a sentence. */
export const CALLS_OF: Record<CallType, readonly [string, string]> = {
  webcall: ["webcall", "webcalls"],
  chat: ["chat", "chats"],
  outbound: ["outbound call", "outbound calls"],
  inbound: ["inbound call", "inbound calls"],
};
