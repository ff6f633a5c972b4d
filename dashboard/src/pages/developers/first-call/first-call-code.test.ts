import { describe, expect, it } from "vitest";
import { exportLine, firstCallCode, LANGUAGES } from "./first-call-code";

const CALL = { origin: "http://127.0.0.1:7070", id: "first-call-1", agent: "support" };

describe("the code of a first call", () => {
  it.each(LANGUAGES)("in %s posts the same call with the key of the environment", (language) => {
    const code = firstCallCode(language, CALL);
    expect(code).toContain("http://127.0.0.1:7070/v1/calls");
    expect(code).toContain('{"id":"first-call-1","agent":"support","type":"inbound"}');
    expect(code).toMatch(/CALLSLOT_KEY/);
    expect(code).not.toContain("callslot-org");
  });

  it("reads a key that is there or is to be put in", () => {
    expect(exportLine("cs_engine_1")).toBe("export CALLSLOT_KEY=cs_engine_1");
    expect(exportLine(undefined)).toBe("export CALLSLOT_KEY=…");
  });
});
