import { useEffect, useState } from "react";
import { clock, duration } from "../format";
import { useLiveStatus } from "../live/live-provider";

/** Says that the numbers below are out of date. */
export function StaleBanner() {
  const { state, sinceMs, isFinal, problem } = useLiveStatus();
  if (state !== "stale") return null;
  return (
    <div
      data-stale-banner=""
      className="sticky top-0 z-30 border-danger/30 border-b bg-danger-soft px-4 py-2 break-words text-danger sm:px-6 lg:px-8"
    >
      {/* Read out once, not every second. */}
      <p role="alert" className="sr-only">
        The numbers are out of date{problem && `: ${problem.message}`}
      </p>
      <p aria-hidden="true">
        <strong>
          Disconnected <Since ms={sinceMs} /> ago.{" "}
          {isFinal ? "Reload the page to try again." : "Reconnecting…"}
        </strong>{" "}
        Numbers are as of {clock(sinceMs)}
        {problem && `: ${problem.message}`}
        {problem?.requestId && ` (request ${problem.requestId})`}.
      </p>
    </div>
  );
}

function Since({ ms }: { ms: number }) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return <>{duration(now - ms)}</>;
}
