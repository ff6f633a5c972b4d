/** The smoke test in a Cloudflare Worker: `/?url=…&key=…`. */
import { smoke } from "./smoke.mjs";

// biome-ignore lint/style/noDefaultExport: a worker is its module's default.
export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    try {
      return new Response(await smoke(searchParams.get("url"), searchParams.get("key")));
    } catch (error) {
      return new Response(String(error.stack), { status: 500 });
    }
  },
};
