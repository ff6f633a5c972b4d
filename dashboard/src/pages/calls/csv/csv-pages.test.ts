// @vitest-environment jsdom

import { describe, expect, it, vi } from "vitest";
import { actIn, ORG_HEADER } from "../../../api/client";
import { firstPage, joined, nextPage, readCsv } from "./csv-pages";

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

  it("is one organisation's to the end, whichever is looked at meanwhile", async () => {
    const orgs: unknown[] = [];
    vi.stubGlobal("fetch", async (_: string, { headers }: { headers: Record<string, string> }) => {
      orgs.push(headers[ORG_HEADER]);
      actIn("other");
      const link = '</v1/calls?cursor=0a>; rel="next"';
      return new Response("id\r\n1\r\n", { headers: orgs.length === 1 ? { link } : {} });
    });
    actIn("acme");
    expect(await readCsv([{}])).toEqual({ text: "id\r\n1\r\n1\r\n", isCut: false });
    expect(orgs).toEqual(["acme", "acme"]);
    actIn(null);
    vi.unstubAllGlobals();
  });

  it("is of one list after the other, each to its end", async () => {
    const asked: string[] = [];
    vi.stubGlobal("fetch", async (path: string) => {
      asked.push(path);
      const link = '</v1/calls?cursor=0a>; rel="next"';
      return new Response("id\r\n1\r\n", { headers: asked.length === 1 ? { link } : {} });
    });
    const { text } = await readCsv([{ state: "queued" }, { state: "ended" }]);
    expect(text).toBe("id\r\n1\r\n1\r\n1\r\n");
    expect(asked).toEqual([
      "/v1/calls?state=queued&limit=1000",
      "/v1/calls?cursor=0a",
      "/v1/calls?state=ended&limit=1000",
    ]);
    vi.unstubAllGlobals();
  });

  it("has one row of names", () => {
    expect(joined(["id,agent\r\n1,a\r\n", "id,agent\r\n2,b\r\n"])).toBe(
      "id,agent\r\n1,a\r\n2,b\r\n",
    );
    expect(joined(["id\r\n"])).toBe("id\r\n");
  });
});
