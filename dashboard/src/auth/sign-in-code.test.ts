import { expect, it } from "vitest";
import { codeIn, signInLink } from "./sign-in-code";

it("a one-time code is what stands behind the # of a sign-in link, and nowhere else", () => {
  expect(codeIn({ pathname: "/sign-in", hash: "#c0de" })).toBe("c0de");
  expect(codeIn({ pathname: "/sign-in", hash: "#" })).toBeNull();
  expect(codeIn({ pathname: "/sign-in", hash: "" })).toBeNull();
  expect(codeIn({ pathname: "/calls", hash: "#c0de" })).toBeNull();
});

it("a link leads to where its code is found", () => {
  const { pathname, hash } = new URL(signInLink("https://slots.example", "c0de"));
  expect(codeIn({ pathname, hash })).toBe("c0de");
});
