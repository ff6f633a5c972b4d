// The requests that a developer tries first.

import { curl } from "../shared/curl";

/** The call that the samples start and end. */
const CALL = "call-1";

interface Snippet {
  /** Names it within a sentence: "Copy the request that starts a call". */
  what: string;
  title: string;
  explanation: string;
  text: string;
}

interface Target {
  origin: string;
  /** The organisation to name; undefined: the key's own. */
  org: string | undefined;
  agent: string;
}

/** Samples that work as they are, with the key in `$CALLSLOT_KEY`. */
export function snippets({ origin, org, agent }: Target): Snippet[] {
  const to = { origin, org };
  return [
    {
      what: "request that starts a call",
      title: "Start a call",
      explanation:
        "The response says active if the call got a slot, and queued if it has to wait. Repeating the id is safe.",
      text: curl({
        ...to,
        method: "POST",
        path: "/v1/calls",
        body: { id: CALL, agent, type: "inbound" },
      }),
    },
    {
      what: "request that ends it",
      title: "End it",
      explanation: "Its slot is free at once. Ending it again changes nothing.",
      text: curl({ ...to, method: "POST", path: `/v1/calls/${CALL}/end` }),
    },
    {
      what: "request that reads the pool",
      title: "Read the pool",
      explanation: "The numbers on the Concurrency page.",
      text: curl({ ...to, method: "GET", path: "/v1/concurrency" }),
    },
    {
      what: "request that follows the events",
      title: "Follow events",
      explanation: "Prints each event as it happens, until you stop it.",
      text: curl({ ...to, method: "GET", path: "/v1/events", isStream: true }),
    },
  ];
}
