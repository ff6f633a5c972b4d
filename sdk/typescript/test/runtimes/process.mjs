/** The smoke test as a program: `process.mjs URL KEY`. */
import { smoke } from "./smoke.mjs";

const [url, key] = globalThis.Deno?.args ?? globalThis.process.argv.slice(2);
console.log(await smoke(url, key));
