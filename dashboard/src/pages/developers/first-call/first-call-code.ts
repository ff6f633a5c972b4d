// The code of a first call, in the languages that people try things in. None needs a library.

import { curl } from "../../shared/curl";

export const LANGUAGES = ["curl", "Python", "TypeScript"] as const;
export type Language = (typeof LANGUAGES)[number];

export interface FirstCall {
  origin: string;
  id: string;
  agent: string;
}

/** Code that starts a call with the key in `CALLSLOT_KEY`, as it is. */
export function firstCallCode(language: Language, { origin, id, agent }: FirstCall): string {
  const body = { id, agent, type: "inbound" };
  const address = JSON.stringify(`${origin}/v1/calls`);
  switch (language) {
    case "curl":
      return curl({ method: "POST", origin, path: "/v1/calls", body, org: undefined });
    case "Python":
      return `import json, os, urllib.request

request = urllib.request.Request(
    ${address},
    data=json.dumps(${JSON.stringify(body)}).encode(),
    headers={
        "authorization": "Bearer " + os.environ["CALLSLOT_KEY"],
        "content-type": "application/json",
    },
)
with urllib.request.urlopen(request) as response:
    print(response.status, json.load(response))`;
    case "TypeScript":
      return `const response = await fetch(${address}, {
  method: "POST",
  headers: {
    authorization: \`Bearer \${process.env.CALLSLOT_KEY}\`,
    "content-type": "application/json",
  },
  body: JSON.stringify(${JSON.stringify(body)}),
});
console.log(response.status, await response.json());`;
  }
}

/** The line that puts a key where the code reads it. */
export function exportLine(secret: string | undefined): string {
  return `export CALLSLOT_KEY=${secret ?? "…"}`;
}
