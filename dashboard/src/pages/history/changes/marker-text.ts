// What a settings change says. Pure.

import { gateChangeWords, limitWords } from "../../../gate-words";
import { actorText } from "../../shared/actor-text";
import type { HistoryMarker } from "./limit-line";

/** What changed and who did it, as far as that is known: "limit is 30, plan enterprise, by billing". */
export function markerText(marker: HistoryMarker): string {
  const change = changeText(marker);
  return marker.by ? `${change}, by ${actorText(marker.by)}` : change;
}

/** A sentence without its full stop: "limit is 30, plan enterprise". */
function changeText(marker: HistoryMarker): string {
  switch (marker.kind) {
    case "limit.changed": {
      const { limit, plan, limit_override } = marker.detail;
      const isOverridden = limit_override !== null;
      return `limit is ${limit}, plan ${plan}${isOverridden ? " (overridden)" : ""}`;
    }
    case "reservations.changed":
      return marker.detail.reservations.map(reserves).join("; ");
    case "agent.changed": {
      const { id, agent } = marker.detail;
      if (agent === null) return `agent ${id} deleted`;
      return `agent ${id} is ${agent.name}, ${limitWords(agent)}`;
    }
    case "type.changed":
      return `type ${marker.detail.type} has ${limitWords(marker.detail)}`;
    case "alert.changed":
      return `alert ${marker.detail.id} ${marker.detail.rule === null ? "deleted" : "set"}`;
    case "gate.changed":
      return `gate ${marker.detail.id} ${gateChangeWords(marker.detail)}`;
  }
}

type Reservation = Extract<
  HistoryMarker,
  { kind: "reservations.changed" }
>["detail"]["reservations"][number];

function reserves({ agent, webcall = 0, chat = 0, outbound = 0, inbound = 0 }: Reservation) {
  const total = webcall + chat + outbound + inbound;
  if (total === 0) return `${agent} reserves nothing`;
  const parts = [
    { type: "webcall", slots: webcall },
    { type: "chat", slots: chat },
    { type: "outbound", slots: outbound },
    { type: "inbound", slots: inbound },
  ].filter(({ slots }) => slots > 0);
  return `${agent} reserves ${total} (${parts.map((it) => `${it.type} ${it.slots}`).join(", ")})`;
}
