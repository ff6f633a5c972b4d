// @vitest-environment jsdom

import { describe, expect, it } from "vitest";
import { firstPage, joined, nextPage } from "./csv-pages";
import { curl } from "./curl";
import { metadataRows } from "./metadata";

describe("metadata", () => {
  it("shows texts as they are, and everything else as JSON", () => {
    expect(metadataRows({ a: '<b>"x"</b>', n: 1, no: null, is: true, o: { x: [1] } })).toEqual([
      { key: "a", text: '<b>"x"</b>', isJson: false },
      { key: "n", text: "1", isJson: false },
      { key: "no", text: "null", isJson: false },
      { key: "is", text: "true", isJson: false },
      { key: "o", text: '{\n  "x": [\n    1\n  ]\n}', isJson: true },
    ]);
  });
});

describe("a request for the shell", () => {
  it("has all its parts, and the key in a variable", () => {
    const body = { agent: "support", type: "chat" };
    const request = { method: "POST", origin: "http://h:1", path: "/v1/calls", body } as const;
    expect(curl({ ...request, org: undefined })).toBe(
      [
        "curl -X POST 'http://h:1/v1/calls' \\",
        '  -H "authorization: Bearer $CALLSLOT_KEY" \\',
        "  -H 'content-type: application/json' \\",
        '  -d \'{"agent":"support","type":"chat"}\'',
      ].join("\n"),
    );
    expect(curl({ ...request, org: "acme" })).toContain("-H 'callslot-org: acme'");
  });

  it("lets no text out of its quotes", () => {
    const body = { name: "it's $(rm)" };
    const text = curl({ method: "PUT", origin: "", path: "/", body, org: undefined });
    expect(text).toContain(`'{"name":"it'\\''s $(rm)"}'`);
  });
});

describe("CSV of many pages", () => {
  it("is asked for with the filters, a thousand rows at once", () => {
    expect(firstPage({ state: "ended", agent: "a:b", least_wait_ms: 5000 })).toBe(
      "/v1/calls?state=ended&agent=a%3Ab&least_wait_ms=5000&limit=1000",
    );
  });

  it("goes on where the header says, and only in the same list", () => {
    expect(nextPage('</v1/calls?state=ended&cursor=0a>; rel="next"')).toBe(
      "/v1/calls?state=ended&cursor=0a",
    );
    expect(nextPage('<https://elsewhere/v1/calls?cursor=0a>; rel="next"')).toBeUndefined();
    expect(nextPage(null)).toBeUndefined();
  });

  it("has one row of names", () => {
    expect(joined(["id,agent\r\n1,a\r\n", "id,agent\r\n2,b\r\n"])).toBe(
      "id,agent\r\n1,a\r\n2,b\r\n",
    );
    expect(joined(["id\r\n"])).toBe("id\r\n");
  });
});
