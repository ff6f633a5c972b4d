// What became of deliveries, in words. Pure.

import type { Delivery, WebhookTested } from "../../api/named";
import { count, shortDuration } from "../../format";

export const OUTCOME_NAME: Record<Delivery["outcome"], string> = {
  delivered: "delivered",
  failed: "failed",
  given_up: "given up",
  skipped: "skipped",
};

/** "412 B", "1.2 kB" */
export function bytesText(bytes: number): string {
  return bytes < 1_000 ? `${count(bytes)} B` : `${count(Math.round(bytes / 100) / 10)} kB`;
}

/** "200 in 0.1 s", "503 in 2 s: the receiver is busy", "no answer in 15 s: timed out" */
export function answerText({
  status,
  duration_ms,
  cause,
}: Pick<Delivery | WebhookTested, "status" | "duration_ms" | "cause">): string {
  const answer = status === null ? "no answer" : String(status);
  const words = `${answer} in ${shortDuration(duration_ms)}`;
  return cause === null ? words : `${words}: ${cause}`;
}
