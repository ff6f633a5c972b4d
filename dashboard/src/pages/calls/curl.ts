// Requests as lines of a shell that can be copied.

interface Request {
  method: "POST" | "PUT";
  origin: string;
  path: string;
  body: object;
  /** The organisation to name, for keys that need to. */
  org: string | undefined;
}

/** A request with curl; the key is expected in $CALLSLOT_KEY. */
export function curl({ method, origin, path, body, org }: Request): string {
  const lines = [
    `curl -X ${method} ${quoted(origin + path)}`,
    `  -H "authorization: Bearer $CALLSLOT_KEY"`,
    `  -H 'content-type: application/json'`,
  ];
  if (org !== undefined) lines.push(`  -H ${quoted(`callslot-org: ${org}`)}`);
  lines.push(`  -d ${quoted(JSON.stringify(body))}`);
  return lines.join(" \\\n");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
