import { useBarred, useSignedIn } from "../../auth/session";
import { useLive } from "../../live/live-provider";
import { Card, Section } from "../../ui/page/page";
import { CodeSample } from "../../ui/text/code-sample";
import { snippets } from "./snippets";

/** Requests to copy into a terminal, made for this server and organisation. */
export function Requests() {
  const { session, org } = useSignedIn();
  const agent = useLive((live) => live.pool.agents[0]?.id ?? null);
  const barred = useBarred("engine");
  const samples = snippets({
    origin: window.location.origin,
    org: session.org === null ? org : undefined,
    agent: agent ?? "support",
  });
  return (
    <Section
      title="Requests to copy"
      description={
        <>
          With curl, for the organisation {org}. The key is read from <code>$CALLSLOT_KEY</code>.
        </>
      }
    >
      {agent === null && (
        <p className="text-muted">
          This organisation has no agents yet. Create one on the Agents page and use its id instead
          of <code>support</code>.
        </p>
      )}
      {barred !== undefined && (
        <p className="text-muted">Starting and ending calls requires a key with the role engine.</p>
      )}
      <Card>
        <ol className="grid gap-5 lg:grid-cols-2">
          {samples.map(({ what, title, explanation, text }) => (
            <li key={title} className="flex min-w-0 flex-col gap-2">
              <div>
                <h3 className="font-medium">{title}</h3>
                <p className="text-muted">{explanation}</p>
              </div>
              <CodeSample text={text} what={what} />
            </li>
          ))}
        </ol>
      </Card>
    </Section>
  );
}
