/** A real server with a data directory of its own, on a free port of the loopback. It can be killed and started again. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { Callslot, type CallslotOptions } from "../../src/index.js";

const built = fileURLToPath(new URL("../../../../target/release/callslot", import.meta.url));
const binary = process.env.CALLSLOT_BIN ?? built;
const OPERATOR = "operator-key-of-the-tests";

export class Server implements AsyncDisposable {
  readonly port: number;
  readonly url: string;
  /** An admin's. */
  key = "";
  readonly #data: string;
  #process: ChildProcess | undefined;

  private constructor(port: number, data: string) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#data = data;
  }

  /** An organisation with this limit and the agents `support` and `sales`. */
  static async start(limit: number): Promise<Server> {
    if (!existsSync(binary)) throw new Error(`${binary} is missing: build it, or set CALLSLOT_BIN`);
    const data = await mkdtemp(`${tmpdir()}/callslot-sdk-`);
    const server = new Server(await freePort(), data);
    await server.up();
    const { secret } = await server.operate<{ secret: string }>("POST", "/v1/keys", {
      name: "tests",
      role: "admin",
    });
    server.key = secret;
    await server.limit(limit);
    const slots = server.client();
    await slots.settings.putAgent("support", { name: "Support" });
    await slots.settings.putAgent("sales", { name: "Sales" });
    return server;
  }

  client(options: Partial<CallslotOptions> = {}): Callslot {
    return new Callslot({ url: this.url, key: this.key, graceS: 5, ...options });
  }

  async limit(limit: number): Promise<void> {
    await this.operate("PATCH", "/v1/orgs/default", { limit_override: limit });
  }

  async operate<T>(method: string, path: string, body: object): Promise<T> {
    const headers = {
      authorization: `Bearer ${OPERATOR}`,
      "content-type": "application/json",
      "callslot-org": "default",
    };
    const response = await fetch(this.url + path, { method, headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Calls that hold a slot or wait for one, as the server sees it. */
  async live(): Promise<{ active: number; queued: number }> {
    const { active, queued } = await this.client().settings.pool();
    return { active, queued };
  }

  async up(): Promise<void> {
    const listen = `127.0.0.1:${this.port}`;
    const env = { ...process.env, CALLSLOT_OPERATOR_KEY: OPERATOR };
    const child = spawn(binary, ["serve", "--data", this.#data, "--listen", listen], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let log = "";
    child.stderr?.on("data", (part) => {
      log = (log + part).slice(-4000);
    });
    this.#process = child;
    for (let tries = 0; tries < 400; tries += 1) {
      if (
        await fetch(`${this.url}/readyz`)
          .then((it) => it.ok)
          .catch(() => false)
      )
        return;
      if (child.exitCode !== null) break;
      await new Promise((done) => setTimeout(done, 25));
    }
    throw new Error(`the server did not come up: ${log}`);
  }

  async down(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await gone;
  }

  pause(): void {
    this.#process?.kill("SIGSTOP");
  }

  resume(): void {
    this.#process?.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.resume();
    await this.down("SIGKILL");
    await rm(this.#data, { recursive: true, force: true });
  }
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  return port;
}

/** Waits until it holds, for at most this long. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 15_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (await holds()) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`not within ${timeoutMs} ms: ${what}`);
}
