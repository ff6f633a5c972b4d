import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { Link } from "wouter";
import type { Alert } from "../api/named";
import { clock, counted } from "../format";
import { useLive } from "../live/live-provider";
import type { LiveState } from "../live/state/live-state";
import { ALERTS, figureText, ruleText, useAlerts } from "../pages/shared/alerts";

type Open = Alert & { open: NonNullable<Alert["open"]> };

/** The alerts that are open, above every page, with the way to them. Nothing while all is well. */
export function OpenAlerts() {
  const { data } = useAlerts();
  useReadAgain();
  const open = (data ?? []).filter((alert): alert is Open => alert.open !== null);
  return (
    <div role="status">
      {open.length > 0 && (
        <p className="border-warning/30 border-b bg-warning-soft px-4 py-2 break-words text-warning sm:px-6 lg:px-8">
          <Link href="/alerts" className="font-semibold underline">
            {counted(open.length, "open alert")}
          </Link>
          {": "}
          {open.slice(0, 2).map(said).join("; ")}
          {open.length > 2 && `; ${open.length - 2} more`}
        </p>
      )}
    </div>
  );
}

/** The last event of alerts; 0 once the page follows, if there was none: what opened just before is read again then. */
function lastOfAlerts({ happenings }: LiveState): number {
  return happenings.find(({ kind }) => kind.startsWith("alert."))?.seq ?? 0;
}

/** What opens or closes is read again at once. */
function useReadAgain() {
  const queries = useQueryClient();
  const last = useLive(lastOfAlerts);
  useEffect(() => {
    if (last !== undefined) void queries.invalidateQueries({ queryKey: [ALERTS] });
  }, [queries, last]);
}

/** "Slots in use above 85 %: 92 % at 14:03:21" */
function said(alert: Open): string {
  const { open, when } = alert;
  const figure = when === "webhook_disabled" ? "since" : `${figureText(when, open.figure)} at`;
  return `${ruleText(alert)}: ${figure} ${clock(open.opened_at)}`;
}
