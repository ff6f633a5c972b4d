// Where gates are shown.

/** The address that opens a gate. */
export function gateHref(id: string): string {
  return `/gates?gate=${encodeURIComponent(id)}`;
}

/** The live calls of a gate. */
export function callsOfGate(id: string): string {
  return `/calls?state=live&gate=${encodeURIComponent(id)}`;
}
