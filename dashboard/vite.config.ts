import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { minifySync, type Plugin, parseSync } from "vite";
import { defineConfig } from "vitest/config";

/** The server that `npm run dev` shows; its API is reached through the same address as the app. */
const server = process.env.CALLSLOT_URL ?? "http://127.0.0.1:7070";

/** The file that a package goes to: the charts' own is read with the first chart. */
function packageFile(module: string): string | null {
  if (module.includes("/node_modules/uplot/")) return "uplot";
  return module.includes("/node_modules/") || module.startsWith("\0") ? "packages" : null;
}

/** What comes with the landing page: what pages share, and itself. */
const LANDING = /\/src\/(?!main\.|app\.|pages\/(?!shared\/|concurrency\/)|chart\/).*\.tsx?$/;

/** The other pages, which say much the same: a sixth of them is saved by compressing them together. The history's is a file of its own, with the charts. */
const PAGES = /\/src\/pages\/(?!shared\/|concurrency\/|history\/).*\.tsx?$/;

/** React's own, which is there since version 18. */
const OWN_STORE = { find: /^use-sync-external-store\/shim\/index\.js$/, replacement: "react" };

/** Scripts are made small, with a line for each declaration, so that Git keeps and merges what changed and not the whole. */
function minifyByLine(): Plugin {
  return {
    name: "minify-by-line",
    apply: "build",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk") continue;
        const { code } = minifySync(file.fileName, file.code, { module: true });
        const parts = parseSync(file.fileName, code).program.body;
        file.code = `${parts.map(({ start, end }) => code.slice(start, end)).join("\n")}\n`;
      }
    },
  };
}

export default defineConfig({
  resolve: { alias: [OWN_STORE] },
  plugins: [react(), tailwindcss({ optimize: { minify: false } }), minifyByLine()],
  build: {
    target: "es2022",
    outDir: "../crates/callslot-dashboard/bundle",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    minify: false,
    chunkSizeWarningLimit: 1024,
    license: { fileName: "licenses.txt" },
    rolldownOptions: {
      input: { app: "index.html" },
      output: {
        // Names stay the same, so that Git shows what changed. The server puts a hash of all of them into their address.
        entryFileNames: "assets/[name].js",
        chunkFileNames: "assets/[name].js",
        assetFileNames: "assets/[name][extname]",
        minifyInternalExports: false,
        comments: false,
        codeSplitting: {
          groups: [
            { debugName: "packages", name: packageFile, priority: 2 },
            { name: "landing", test: LANDING, priority: 1 },
            { name: "pages", test: PAGES },
          ],
        },
      },
    },
  },
  // Only the page names whole addresses; the other files find one another wherever they are.
  experimental: {
    renderBuiltUrl: (_, { hostType }) => (hostType === "html" ? undefined : { relative: true }),
  },
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
