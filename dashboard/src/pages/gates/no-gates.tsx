import type { ReactNode } from "react";
import { useSignedIn } from "../../auth/session";
import { Empty } from "../../ui/page/page";
import { CodeSample } from "../../ui/text/code-sample";
import { curl } from "../shared/curl";

/** Says what a gate is, and how to make the first. */
export function NoGates({ action }: { action: ReactNode }) {
  const { session, org } = useSignedIn();
  const sample = curl({
    method: "PUT",
    origin: window.location.origin,
    path: "/v1/gates/spring",
    body: { name: "Spring", kind: "campaign", cap: 40, pace: { starts: 5, per_s: 1 } },
    org: session.org === null ? org : undefined,
  });
  return (
    <Empty title="No gates yet" action={action}>
      <div className="flex flex-col gap-3">
        <p>
          A gate is a limit that calls pass on their way to a slot: a campaign, a carrier's trunk, a
          customer, a number. It may have a cap, a pace and hours, and can be paused. A call names
          up to four when it is started. Create one here, or with a key of the role admin:
        </p>
        <CodeSample what="command" text={sample} />
      </div>
    </Empty>
  );
}
