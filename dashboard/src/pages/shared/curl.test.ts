import { describe, expect, it } from "vitest";
import { curl } from "./curl";

const request = { origin: "http://h:1", org: undefined } as const;

describe("a request for the shell", () => {
  it("has all its parts, and the key in a variable", () => {
    const body = { agent: "support", type: "chat" };
    expect(curl({ ...request, method: "POST", path: "/v1/calls", body, org: "acme" })).toBe(
      [
        "curl -X POST 'http://h:1/v1/calls' \\",
        '  -H "authorization: Bearer $CALLSLOT_KEY" \\',
        "  -H 'callslot-org: acme' \\",
        "  -H 'content-type: application/json' \\",
        '  -d \'{"agent":"support","type":"chat"}\'',
      ].join("\n"),
    );
  });

  it("leaves out what it does not need", () => {
    expect(curl({ ...request, method: "GET", path: "/v1/events", isStream: true })).toBe(
      "curl -N 'http://h:1/v1/events' \\\n  -H \"authorization: Bearer $CALLSLOT_KEY\"",
    );
  });

  it("lets no text out of its quotes", () => {
    const text = curl({ ...request, method: "PUT", path: "/", body: { name: "it's $(rm)" } });
    expect(text).toContain(`'{"name":"it'\\''s $(rm)"}'`);
  });
});
