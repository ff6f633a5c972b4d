import { useState } from "react";
import { Link } from "wouter";
import { useLive } from "../../../live/live-provider";
import { Select } from "../../../ui/form/select";
import { Card, Section } from "../../../ui/page/page";
import { CodeSample } from "../../../ui/text/code-sample";
import { Arrival } from "./arrival";
import { exportLine, firstCallCode, LANGUAGES, type Language } from "./first-call-code";
import { FirstKey } from "./first-key";

const CHOICES = LANGUAGES.map((language) => ({ value: language, label: language }));

/** Leads to a first call made by a program: a key, code to run, and the call as it arrives. */
export function FirstCall() {
  const agent = useLive((live) => live.pool.agents[0]?.id ?? null);
  const [id] = useState(
    () => `first-call-${crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36)}`,
  );
  const [secret, setSecret] = useState<string>();
  const [language, setLanguage] = useState<Language>("curl");
  return (
    <Section title="Make a first call" description="Run a few lines, and see the call arrive here.">
      <Card>
        {agent === null ? (
          <p className="text-muted">
            A call is for an agent, and there is none yet. Create one on the{" "}
            <Link href="/agents" className="text-accent underline underline-offset-2">
              Agents
            </Link>{" "}
            page first.
          </p>
        ) : (
          <ol className="flex flex-col gap-5">
            <li className="flex flex-col gap-2">
              <h3 className="font-medium">1. Have a key</h3>
              <FirstKey isMade={secret !== undefined} onMade={setSecret} />
              <CodeSample text={exportLine(secret)} what="line that sets the key" />
            </li>
            <li className="flex flex-col gap-2">
              <div className="flex flex-wrap items-center justify-between gap-2">
                <h3 className="font-medium">2. Run this</h3>
                <Select
                  label="Language"
                  isLabelHidden
                  value={language}
                  choices={CHOICES}
                  onChange={setLanguage}
                />
              </div>
              <CodeSample
                text={firstCallCode(language, {
                  origin: window.location.origin,
                  id,
                  agent: agent ?? "support",
                })}
                what="code that starts a call"
              />
            </li>
            <li className="flex flex-col gap-2">
              <h3 className="font-medium">3. See it arrive</h3>
              <Arrival id={id} />
            </li>
          </ol>
        )}
      </Card>
    </Section>
  );
}
