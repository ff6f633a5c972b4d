// What a downloaded history is called. Pure.

import type { Span } from "../span/span";

/** "default-history-24h.csv", "default-history-20261124T1000Z-20261124T1200Z.png" */
export function fileName(org: string, span: Span, kind: "csv" | "png"): string {
  const of = "preset" in span ? span.preset : `${compact(span.fromMs)}-${compact(span.toMs)}`;
  return `${org}-history-${of}.${kind}`;
}

function compact(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace(/[-:]/g, "")}Z`;
}
