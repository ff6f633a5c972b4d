import { Link } from "wouter";
import type { Alert, AlertSpan } from "../api/to-come";
import { clock, counted } from "../format";
import { figureText, ruleText, useAlerts } from "../pages/shared/alerts";

type Open = Alert & { open: AlertSpan };

/** The alerts that are open, above every page, with the way to them. Nothing while all is well. */
export function OpenAlerts() {
  const { data } = useAlerts();
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

/** "Slots in use above 85 %: 92 % at 14:03:21" */
function said({ rule, open }: Open): string {
  return `${ruleText(rule)}: ${figureText(rule.when, open.value)} at ${clock(open.opened_at)}`;
}
