// Pools and a page around components, for the tests of this folder.

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { type SignedIn, SignedInAs } from "../../auth/session";
import {
  CALL_TYPES,
  type Call,
  type CallType,
  type ClassUse,
  type Pool,
  type PoolAgent,
  type Role,
} from "../../domain";
import { ToastProvider } from "../../ui/message/toast-provider";
import { Toasts } from "../../ui/message/toasts";

type OfTypes = Partial<Record<CallType, number>>;

interface AgentSketch {
  name?: string;
  cap?: number | null;
  reserved?: OfTypes;
  active?: OfTypes;
  queued?: OfTypes;
}

/** A pool whose sums follow from its agents. */
export function poolOf(
  limit: number,
  agents: Record<string, AgentSketch>,
  rest: Partial<Pool> = {},
): Pool {
  const all = Object.entries(agents).map(([id, sketch]) => agentOf(id, sketch));
  const sum = (of: (agent: PoolAgent) => number) => all.reduce((n, agent) => n + of(agent), 0);
  const reserved = sum((agent) => agent.reserved);
  const inUse = sum((agent) =>
    CALL_TYPES.reduce((n, type) => n + agent.types[type].shared_in_use, 0),
  );
  const size = limit - reserved;
  return {
    org: "default",
    plan: "standard",
    limit,
    reserved,
    active: sum((agent) => agent.active),
    queued: sum((agent) => agent.queued),
    shared: { size, in_use: inUse, free: Math.max(0, size - inUse) },
    settling: Math.max(0, reserved + inUse - limit),
    oldest_wait_ms: null,
    version: 1,
    as_of: 1,
    type_caps: { webcall: null, chat: null, outbound: null, inbound: null },
    type_paces: { webcall: null, chat: null, outbound: null, inbound: null },
    agents: all,
    ...rest,
  };
}

function agentOf(id: string, sketch: AgentSketch): PoolAgent {
  const use = (type: CallType): ClassUse => {
    const reserved = sketch.reserved?.[type] ?? 0;
    const active = sketch.active?.[type] ?? 0;
    return {
      reserved,
      active,
      queued: sketch.queued?.[type] ?? 0,
      reserved_in_use: Math.min(active, reserved),
      shared_in_use: Math.max(0, active - reserved),
    };
  };
  const sum = (of: OfTypes | undefined) => CALL_TYPES.reduce((n, type) => n + (of?.[type] ?? 0), 0);
  return {
    id,
    name: sketch.name ?? id,
    cap: sketch.cap ?? null,
    pace: null,
    reserved: sum(sketch.reserved),
    active: sum(sketch.active),
    queued: sum(sketch.queued),
    types: {
      webcall: use("webcall"),
      chat: use("chat"),
      outbound: use("outbound"),
      inbound: use("inbound"),
    },
  };
}

export function agentIn(pool: Pool, id: string): PoolAgent {
  const agent = pool.agents.find((each) => each.id === id);
  if (agent === undefined) throw new Error(`the pool has no agent ${id}`);
  return agent;
}

export function queuedCall(id: string, rest: Partial<Call> = {}): Call {
  return {
    id,
    agent: "support",
    type: "chat",
    state: "queued",
    slot: null,
    position: null,
    position_in_class: null,
    blocked_on: "shared_full",
    blocked_by: null,
    retry_in_ms: null,
    gates: [],
    estimated_wait_ms: null,
    requested_at: "2026-01-01T00:00:00.000Z",
    started_at: null,
    ended_at: null,
    reason: null,
    note: null,
    lease: null,
    metadata: {},
    ...rest,
  };
}

/** Renders as somebody of a role sees it. */
export function renderAs(role: Role, children: ReactNode) {
  const as: SignedIn = {
    session: { role, org: "default", key: { id: "1", name: "test" }, expires_at: null },
    org: "default",
    chooseOrg: () => {},
  } as SignedIn;
  const queries = new QueryClient({ defaultOptions: { mutations: { networkMode: "always" } } });
  const around = (inner: ReactNode) => (
    <QueryClientProvider client={queries}>
      <ToastProvider>
        <SignedInAs as={as}>{inner}</SignedInAs>
        <Toasts />
      </ToastProvider>
    </QueryClientProvider>
  );
  const view = render(around(children));
  return { ...view, rerender: (next: ReactNode) => view.rerender(around(next)) };
}
