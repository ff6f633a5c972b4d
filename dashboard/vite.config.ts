import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** The server that `npm run dev` shows; its API is reached through the same address as the app. */
const server = process.env.CALLSLOT_URL ?? "http://127.0.0.1:7070";

/** Writes a `.br` file beside each built file, so that the server never compresses. */
function precompress(): Plugin {
  let outDir = "";
  return {
    name: "precompress",
    apply: "build",
    configResolved(config) {
      outDir = config.build.outDir;
    },
    closeBundle() {
      for (const entry of readdirSync(outDir, { recursive: true, encoding: "utf8" })) {
        const file = join(outDir, entry);
        if (!statSync(file).isFile() || file.endsWith(".br")) continue;
        const content = readFileSync(file);
        const params = { [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
        writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), precompress()],
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: {
    host: "127.0.0.1",
    proxy: Object.fromEntries(
      ["/v1", "/docs", "/openapi.json"].map((path) => [path, { target: server, xfwd: false }]),
    ),
  },
  test: {
    projects: [
      // What is drawn needs a document; what is not says so itself when it needs one.
      {
        extends: true,
        test: { name: "drawn", include: ["src/**/*.test.tsx"], environment: "jsdom" },
      },
      { extends: true, test: { name: "pure", include: ["src/**/*.test.ts"], environment: "node" } },
    ],
  },
});
