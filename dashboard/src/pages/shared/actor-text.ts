// Who made a change. Pure.

import type { Actor } from "../../api/named";

/** "billing", "billing in a browser", "Callslot (gate_hours)" */
export function actorText({ kind, id, name }: Actor): string {
  if (kind === "system") return `Callslot (${name === "" ? id : name})`;
  return kind === "session" ? `${name} in a browser` : name;
}
