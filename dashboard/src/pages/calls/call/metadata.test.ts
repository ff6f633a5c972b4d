import { describe, expect, it } from "vitest";
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
