// Another finished build than the one in the server's binary, for those who work on the app: `CALLSLOT_BUNDLE` names its folder.
// What the server says with a file, its policies among it, stays as it is.

import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { BrowserContext } from "playwright-core";

const BUNDLE = process.env.CALLSLOT_BUNDLE;

export async function showOtherBundle(context: BrowserContext): Promise<void> {
  if (BUNDLE === undefined) return;
  await context.route("**/assets/**", (route) => {
    const name = basename(new URL(route.request().url()).pathname);
    return route.fulfill({ path: join(BUNDLE, "assets", name) });
  });
  const page = readFileSync(join(BUNDLE, "index.html"), "utf8");
  await context.route(
    ({ pathname }) => !pathname.startsWith("/v1/") && !pathname.startsWith("/assets/"),
    async (route) => {
      if (route.request().resourceType() !== "document") return route.continue();
      // A server that is gone is answered for by the browser.
      const response = await route.fetch().catch(() => undefined);
      return response === undefined ? route.abort() : route.fulfill({ response, body: page });
    },
  );
}
