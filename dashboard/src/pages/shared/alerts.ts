// The rules for alerts, and what they found, as they are read and put into words.

import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { Alert, AlertRule } from "../../api/named";
import { useSignedIn } from "../../auth/session";
import { includesRole, TYPE_NAME } from "../../domain";
import { count, duration } from "../../format";

export const ALERTS = "alerts";

/** How often they are read again; what opens or closes is read at once, as the event stream tells of it. */
const EVERY_MS = 15_000;
const PAGE = 1_000;
const PAST_PAGE = 50;

/** The rules, by id, and what is open without one; only admins may read them. */
export function useAlerts() {
  const { org, session } = useSignedIn();
  return useQuery({
    queryKey: [ALERTS, org],
    enabled: includesRole(session.role, "admin"),
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }): Promise<Alert[]> => {
      const alerts: Alert[] = [];
      let cursor: string | undefined;
      do {
        const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) };
        const page = await bodyOf(api.GET("/v1/alerts", { params: { query }, signal }));
        alerts.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      return alerts;
    },
  });
}

/** The alerts that closed, a page at a time, newest first. */
export function usePastAlerts() {
  const { org, session } = useSignedIn();
  return useInfiniteQuery({
    queryKey: [ALERTS, org, "past"],
    enabled: includesRole(session.role, "admin"),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) => {
      const query = { limit: PAST_PAGE, ...(pageParam !== undefined && { cursor: pageParam }) };
      return bodyOf(api.GET("/v1/alerts/history", { params: { query }, signal }));
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  });
}

const SUBJECT: Readonly<Record<AlertRule["when"], string>> = {
  utilization: "Slots in use",
  oldest_wait: "Longest wait",
  queued: "Calls waiting",
  reservation_full: "Reserved slots in use",
  refused: "Calls refused in a minute",
  webhook_disabled: "Webhook disabled",
};

/** What a rule looks at: "Slots in use", "Slots in use, agent support". */
export function ruleSubject({ when, agent, type, gate, webhook }: AlertRule): string {
  const parts = [
    SUBJECT[when],
    agent !== null && `agent ${agent}`,
    type !== null && TYPE_NAME[type].toLowerCase(),
    gate !== null && `gate ${gate}`,
    webhook !== null && webhook,
  ];
  return parts.filter((part) => part !== false).join(", ");
}

/** A figure as the rule counts it: "85 %", "1 min 30 s", "12". */
export function figureText(when: AlertRule["when"], value: number): string {
  if (when === "utilization" || when === "reservation_full") return `${round(value)} %`;
  return when === "oldest_wait" ? duration(value * 1000) : round(value);
}

/** "Slots in use above 85 % for 5 min 00 s" */
export function ruleText(rule: AlertRule): string {
  const { when, above, for_s } = rule;
  if (when === "webhook_disabled") return ruleSubject(rule);
  const time = for_s === 0 ? "" : ` for ${duration(for_s * 1000)}`;
  return `${ruleSubject(rule)} above ${figureText(when, above)}${time}`;
}

function round(value: number): string {
  return count(Math.round(value * 10) / 10);
}
