import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { VERSION } from "../src/index.js";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");

test("types and codes are those of docs/openapi.json and docs/errors.md", () => {
  const script = fileURLToPath(new URL("../scripts/generate.mjs", import.meta.url));
  execFileSync(process.execPath, [script, "--check"], { stdio: "pipe" });
});

test("the package has the version of the server", () => {
  const { version } = JSON.parse(read("../package.json"));
  expect(version).toBe(/^version = "(.*)"$/m.exec(read("../../../Cargo.toml"))?.[1]);
  expect(version).toBe(VERSION);
});

test("the package depends on nothing", () => {
  const { dependencies, peerDependenciesMeta } = JSON.parse(read("../package.json"));
  expect(dependencies).toBeUndefined();
  expect(peerDependenciesMeta).toEqual({ ws: { optional: true } });
});
