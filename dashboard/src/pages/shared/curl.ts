// Requests as lines of a shell that can be copied.

interface Request {
  method: "GET" | "POST" | "PUT";
  origin: string;
  path: string;
  body?: object;
  /** The organisation to name, for keys that need to. */
  org: string | undefined;
  /** Whether the answer goes on until it is stopped. */
  isStream?: boolean;
}

/** A request with curl; the key is expected in $CALLSLOT_KEY. */
export function curl({ method, origin, path, body, org, isStream }: Request): string {
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const lines = [
    `curl${isStream ? " -N" : ""}${verb} ${quoted(origin + path)}`,
    `  -H "authorization: Bearer $CALLSLOT_KEY"`,
  ];
  if (org !== undefined) lines.push(`  -H ${quoted(`callslot-org: ${org}`)}`);
  if (body !== undefined) {
    lines.push("  -H 'content-type: application/json'", `  -d ${quoted(JSON.stringify(body))}`);
  }
  return lines.join(" \\\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
