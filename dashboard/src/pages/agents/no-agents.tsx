import type { ReactNode } from "react";
import { useSignedIn } from "../../auth/session";
import { Empty } from "../../ui/page/page";
import { CodeSample } from "../../ui/text/code-sample";
import { curl } from "../shared/curl";

/** Says what an agent is, and how to make the first. */
export function NoAgents({ action }: { action: ReactNode }) {
  const { session, org } = useSignedIn();
  const sample = curl({
    method: "PUT",
    origin: window.location.origin,
    path: "/v1/agents/support",
    body: { name: "Support" },
    org: session.org === null ? org : undefined,
  });
  return (
    <Empty title="No agents yet" action={action}>
      <div className="flex flex-col gap-3">
        <p>
          An agent is a bot that handles calls. Every call names the agent it is for; slots are
          reserved for an agent and a call type. Create one here, or with a key of the role admin:
        </p>
        <CodeSample what="command" text={sample} />
      </div>
    </Empty>
  );
}
