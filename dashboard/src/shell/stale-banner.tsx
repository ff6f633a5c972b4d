import { useEffect, useState } from "react";
import { duration } from "../format";
import { useLiveStatus } from "../live/live-provider";

/** Says that what stands below is no longer what is. */
export function StaleBanner() {
  const { state, sinceMs, isFinal, problem } = useLiveStatus();
  if (state !== "stale") return null;
  return (
    <div className="sticky top-0 z-20 border-danger/30 border-b bg-danger-soft px-4 py-2 break-words text-danger sm:px-6 lg:px-8">
      {/* Read out once, not every second. */}
      <p role="alert" className="sr-only">
        The numbers are stale{problem && `: ${problem.message}`}
      </p>
      <p aria-hidden="true">
        <strong>
          Stale since <Since ms={sinceMs} />
          {isFinal ? ", and not tried again until the page is reloaded" : ", retrying"}
        </strong>
        {problem && `: ${problem.message}`}
        {problem?.requestId && ` (request ${problem.requestId})`}
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
