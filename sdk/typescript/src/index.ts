/** Callslot's client: `Callslot` takes slots for calls and never leaks one. `callslot/webhook` checks webhooks. */
export { Call, type CallOptions, type Position } from "./call.js";
export { Callslot, type CallslotOptions } from "./callslot.js";
export type { FailOpenReport } from "./engine.js";
export {
  CallEndedError,
  CallslotError,
  type LostReason,
  ProblemError,
  UnreachableError,
} from "./errors.js";
export type { Event, EventOptions } from "./events.js";
export type * as api from "./generated/api.js";
export {
  type CallState,
  type CallType,
  type EndReason,
  PROBLEMS,
  type ProblemCode,
  VERSION,
} from "./generated/api.js";
export type { ApiRequest } from "./http.js";
export type { CallFilter, Settings } from "./settings.js";
export type { OpenWebSocket, Socket } from "./socket.js";
