// The rules for alerts, and what they found, as they are read and put into words.

import { useQuery } from "@tanstack/react-query";
import { api, bodyOf } from "../../api/client";
import type { Alert, AlertPut } from "../../api/to-come";
import { useSignedIn } from "../../auth/session";
import { includesRole, TYPE_NAME } from "../../domain";
import { count, duration } from "../../format";

export const ALERTS = "alerts";

const EVERY_MS = 15_000;
const PAGE = 1_000;

/** The rules, by id; only admins may read them. */
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

/** What a rule looks at: "Slots in use", "Slots in use of agent support". */
export function ruleSubject({ when, agent, type, gate }: AlertPut): string {
  const subject = {
    utilization: "Slots in use",
    oldest_wait: "Longest wait",
    queued: "Calls waiting",
    reservation_full: "Reserved slots in use",
    refused: "Calls refused in a minute",
  }[when];
  if (agent !== undefined) return `${subject}, agent ${agent}`;
  if (type !== undefined) return `${subject}, ${TYPE_NAME[type].toLowerCase()}`;
  return gate === undefined ? subject : `${subject}, gate ${gate}`;
}

/** A figure as the rule counts it: "85 %", "1 min 30 s", "12". */
export function figureText(when: AlertPut["when"], value: number): string {
  if (when === "utilization" || when === "reservation_full") return `${round(value)} %`;
  return when === "oldest_wait" ? duration(value * 1000) : round(value);
}

/** "Slots in use above 85 % for 5 min 00 s" */
export function ruleText(rule: AlertPut): string {
  const { when, above, for_s = 0 } = rule;
  const time = for_s === 0 ? "" : ` for ${duration(for_s * 1000)}`;
  return `${ruleSubject(rule)} above ${figureText(when, above)}${time}`;
}

function round(value: number): string {
  return count(Math.round(value * 10) / 10);
}
