import { Link } from "wouter";
import { useSignedIn } from "../../../auth/session";
import { CALL_TYPES } from "../../../domain";
import { useLive } from "../../../live/live-provider";
import { Empty } from "../../../ui/page/page";
import { CodeSample } from "../../../ui/text/code-sample";
import { curl } from "../../shared/curl";
import { type Filters, hrefOf, isNarrowed, readCallId, type View } from "../filters/filters";

const TITLE: Record<View, string> = {
  all: "No calls yet",
  live: "No live calls",
  queued: "No queued calls",
  active: "No active calls",
  ended: "No calls have ended yet",
};

/** Says why there are no calls to see, and how to get some. */
export function NoCalls({ filters }: { filters: Filters }) {
  if (isNarrowed(filters)) {
    return (
      <Empty title="No calls match the filters">
        <p>Choose another agent, type or state, or clear the filters.</p>
        <WholeId filters={filters} />
      </Empty>
    );
  }
  if (filters.view === "queued") {
    return (
      <Empty title={TITLE.queued}>
        A call is queued when it finds no free slot: neither one reserved for its agent and type nor
        a shared one. It starts automatically as soon as it can.
      </Empty>
    );
  }
  return (
    <Empty title={TITLE[filters.view]}>
      <HowToStart />
    </Empty>
  );
}

/** The way to a call that is not among those searched: by its whole id, whatever the filters are. */
function WholeId({ filters }: { filters: Filters }) {
  const id = readCallId(`?call=${encodeURIComponent(filters.text)}`);
  if (id === undefined) return null;
  return (
    <p>
      If this is a whole id,{" "}
      <Link href={hrefOf(filters, id)} className="text-accent underline">
        look for the call <bdi className="break-all">{id}</bdi>
      </Link>{" "}
      among all.
    </p>
  );
}

function HowToStart() {
  const { session, org } = useSignedIn();
  const firstAgent = useLive((live) => live.pool.agents[0]?.id ?? null);
  const sample = curl({
    method: "POST",
    origin: window.location.origin,
    path: "/v1/calls",
    body: { agent: firstAgent ?? "support", type: CALL_TYPES[0] },
    org: session.org === null ? org : undefined,
  });
  return (
    <div className="flex flex-col gap-3">
      <p>
        A call engine requests a slot when a call comes in, and ends the call when it is over. To
        start one by hand, use a key with the role engine:
      </p>
      <CodeSample what="command" text={sample} />
      {firstAgent === null && (
        <p>
          You need an agent first.{" "}
          <Link href="/agents" className="text-accent underline">
            Create one
          </Link>
          .
        </p>
      )}
    </div>
  );
}
