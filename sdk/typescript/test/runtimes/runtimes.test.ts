/** The built package on each runtime that it is made for. */
import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Server } from "../support/server.js";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const modules = (path: string) => at(`node_modules/${path}`);

let server: Server;
beforeAll(async () => {
  server = await Server.start(1);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

test.each([
  ["node, as it is here, with ws", process.execPath, []],
  ["node 22", modules("node22/bin/node"), []],
  ["node 24", modules("node24/bin/node"), []],
  ["node 26", modules("node26/bin/node"), []],
  ["bun", modules("@oven/bun-linux-x64/bin/bun"), ["run"]],
  ["deno", modules("@deno/linux-x64-glibc/deno"), ["run", "--allow-net", "--no-lock"]],
])("%s connects by the stream", async (_, program, args) => {
  const run = promisify(execFile);
  const version = await run(program, ["--version"]);
  const { stdout } = await run(program, [...args, at("process.mjs"), server.url, server.key]);
  console.log(version.stdout.split("\n")[0]);
  expect(stdout.trim()).toBe("stream");
});

test("workers connect by the stream", async () => {
  const built = readdirSync(at("../../dist"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => at(`../../dist/${name}`));
  const worker = new Miniflare({
    modules: [at("worker.mjs"), at("smoke.mjs"), ...built].map((path) => ({
      type: "ESModule",
      path,
    })),
    modulesRoot: at("../.."),
    compatibilityDate: "2025-09-01",
  });
  try {
    const query = new URLSearchParams({ url: server.url, key: server.key });
    const answer = await worker.dispatchFetch(`http://worker/?${query}`);
    expect(await answer.text()).toBe("stream");
  } finally {
    await worker.dispose();
  }
});
