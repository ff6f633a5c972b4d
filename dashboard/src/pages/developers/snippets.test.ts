import { describe, expect, it } from "vitest";
import { snippets } from "./snippets";

const own = { origin: "https://slots.example", org: undefined, agent: "support" };

describe("requests to copy", () => {
  it("start a call with this server's address and the key of the shell", () => {
    expect(snippets(own)[0]?.text).toBe(
      `curl -X POST 'https://slots.example/v1/calls' \\
  -H "authorization: Bearer $CALLSLOT_KEY" \\
  -H 'content-type: application/json' \\
  -d '{"id":"call-1","agent":"support","type":"inbound"}'`,
    );
  });

  it("name the organisation where the key belongs to none", () => {
    for (const { text } of snippets({ ...own, org: "acme" })) {
      expect(text).toContain("  -H 'callslot-org: acme'");
    }
    for (const { text } of snippets(own)) expect(text).not.toContain("callslot-org");
  });

  it("follow events without holding them back", () => {
    expect(snippets(own).at(-1)?.text).toContain("curl -N 'https://slots.example/v1/events'");
  });

  it("hold a quote in an id together", () => {
    expect(snippets({ ...own, agent: "it's" })[0]?.text).toContain(`"agent":"it'\\''s"`);
  });
});
