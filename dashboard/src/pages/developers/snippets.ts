// Requests as one types them into a shell.

/** The call that the samples start and end. */
const CALL = "call-1";

export interface Snippet {
  /** Names it within a sentence: "Copy the request that starts a call". */
  what: string;
  title: string;
  explanation: string;
  text: string;
}

export interface Target {
  origin: string;
  /** The organisation to name; undefined: the key's own. */
  org: string | undefined;
  agent: string;
}

/** Samples that work as they are, with the key in `$CALLSLOT_KEY`. */
export function snippets(target: Target): Snippet[] {
  return [
    {
      what: "request that starts a call",
      title: "Start a call",
      explanation:
        "The answer says active when the call has a slot, and queued when it waits. Repeating the id is safe.",
      text: curl(target, "POST", "/v1/calls", { id: CALL, agent: target.agent, type: "inbound" }),
    },
    {
      what: "request that ends it",
      title: "End it",
      explanation: "Its slot is free at once. Ending it again changes nothing.",
      text: curl(target, "POST", `/v1/calls/${CALL}/end`),
    },
    {
      what: "request that reads the pool",
      title: "Read the pool",
      explanation: "The numbers of the page Concurrency.",
      text: curl(target, "GET", "/v1/concurrency"),
    },
    {
      what: "request that follows the events",
      title: "Follow what happens",
      explanation: "Each event as it happens, until you stop it.",
      text: curl(target, "GET", "/v1/events"),
    },
  ];
}

function curl(target: Target, method: "GET" | "POST", path: string, body?: object): string {
  const isStream = path === "/v1/events";
  const verb = method === "POST" ? " -X POST" : "";
  const lines = [
    `curl${isStream ? " -N" : ""}${verb} ${quoted(target.origin + path)}`,
    `  -H "authorization: Bearer $CALLSLOT_KEY"`,
  ];
  if (target.org !== undefined) lines.push(`  -H ${quoted(`callslot-org: ${target.org}`)}`);
  if (body !== undefined) {
    lines.push("  -H 'content-type: application/json'", `  -d ${quoted(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
