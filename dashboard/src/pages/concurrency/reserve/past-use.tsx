import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../../api/client";
import { useSignedIn } from "../../../auth/session";
import type { History, PoolAgent } from "../../../domain";
import { useServerNow } from "../../../live/live-provider";
import { type Peaks, peaksOf } from "../../agents/peaks";
import { pastUseText } from "./past-use-text";

const DAY_S = 86_400;
const HALF_AN_HOUR_MS = 1_800_000;

/** What the agent used at most in a week, over all types: the history has no figures by agent and type. */
export function PastUse({ agent }: { agent: PoolAgent }) {
  const { org } = useSignedIn();
  const serverNow = useServerNow();
  const { data } = useQuery({
    queryKey: ["concurrency", org, "peaks of a week"],
    queryFn: ({ signal }) => readPeaks(serverNow(), signal),
    // One answer has all agents, and a week changes slowly.
    staleTime: HALF_AN_HOUR_MS,
    retry: false,
  });
  if (data === undefined) return null;
  return (
    <p className="text-muted">{pastUseText(Math.max(data.get(agent.id) ?? 0, agent.active))}</p>
  );
}

async function readPeaks(nowMs: number, signal: AbortSignal): Promise<Peaks> {
  const query = {
    by: "agent" as const,
    from: new Date(nowMs - 7 * DAY_S * 1000).toISOString(),
    to: new Date(nowMs).toISOString(),
    step_s: DAY_S,
  };
  const history = await bodyOf(api.GET("/v1/history", { params: { query }, signal }));
  // Texts are for those who ask for CSV.
  return peaksOf(history as History);
}
