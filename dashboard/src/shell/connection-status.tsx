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
    <p
      role="status"
      title={(isFinal ? FINAL_WORDS : WORDS)[state]}
      className="flex min-h-6 items-center gap-2 px-2 text-muted"
    >
      <span
        aria-hidden="true"
        className={`size-2 rounded-full forced-color-adjust-none ${DOT[state]}`}
      />
      <span className="md:max-lg:sr-only">{(isFinal ? FINAL_WORDS : WORDS)[state]}</span>
    </p>
  );
}
