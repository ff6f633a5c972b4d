import { useLiveStatus } from "../live/live-provider";

const WORDS = {
  connecting: "Connecting …",
  live: "Live",
  stale: "Disconnected, reconnecting",
} as const;
const FINAL_WORDS = { ...WORDS, connecting: "Not connected", stale: "Disconnected" } as const;
const DOT = { connecting: "bg-warning", live: "bg-good", stale: "bg-danger" } as const;

/** Whether the numbers on the page are live. */
export function ConnectionStatus() {
  const { state, isFinal } = useLiveStatus();
  return (
    <p role="status" className="flex items-center gap-2 text-muted">
      <span
        aria-hidden="true"
        className={`size-2 rounded-full forced-color-adjust-none ${DOT[state]}`}
      />
      {(isFinal ? FINAL_WORDS : WORDS)[state]}
    </p>
  );
}
