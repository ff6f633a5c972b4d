import { useLiveStatus } from "../live/live-provider";

const WORDS = { connecting: "Connecting …", live: "Live", stale: "Stale, retrying" } as const;
const FINAL_WORDS = { ...WORDS, connecting: "Not connected", stale: "Stale" } as const;
const DOT = { connecting: "bg-warning", live: "bg-good", stale: "bg-danger" } as const;

/** Whether what is shown is what is. */
export function ConnectionStatus() {
  const { state, isFinal } = useLiveStatus();
  return (
    <p role="status" className="flex items-center gap-2 text-muted">
      <span aria-hidden="true" className={`size-2 rounded-full ${DOT[state]}`} />
      {(isFinal ? FINAL_WORDS : WORDS)[state]}
    </p>
  );
}
