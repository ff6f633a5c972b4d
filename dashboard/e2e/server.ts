// The real binary, on data of its own and a free port.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const BINARY =
  process.env.CALLSLOT_BIN ?? resolve(import.meta.dirname, "../../target/release/callslot");
const STARTS_WITHIN_MS = 20_000;

interface Running {
  process: ChildProcess;
  url: string;
}

export class Server {
  readonly data = mkdtempSync(join(tmpdir(), "callslot-e2e-"));
  /** What a first start prints. */
  adminKey = "";
  operatorKey = "";
  signInLink = "";
  #running: Running | undefined;

  static async start(): Promise<Server> {
    const server = new Server();
    await server.#run("127.0.0.1:0");
    return server;
  }

  get url(): string {
    if (this.#running === undefined) throw new Error("the server does not run");
    return this.#running.url;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    this.#running = undefined;
    const ended = once(running.process, "exit");
    running.process.kill("SIGKILL");
    await ended;
    this.#lastAddress = new URL(running.url).host;
  }

  #lastAddress = "127.0.0.1:0";

  /** Starts it again where it was. */
  async startAgain(): Promise<void> {
    await this.#run(this.#lastAddress);
  }

  async dispose(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** Asks the API with a key; throws when it refuses. */
  async ask(method: string, path: string, body?: unknown, key = this.adminKey): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  async putAgent(id: string, name = id): Promise<void> {
    await this.ask("PUT", `/v1/agents/${id}`, { name });
  }

  async startCall(id: string, agent: string, type: string): Promise<void> {
    await this.ask("POST", "/v1/calls", { id, agent, type });
  }

  async endCall(id: string): Promise<void> {
    await this.ask("POST", `/v1/calls/${id}/end`, {});
  }

  /** Reserves `chat` slots for an agent. */
  async reserveChats(agent: string, chat: number): Promise<void> {
    await this.ask("PUT", "/v1/reservations", { reservations: [{ agent, chat }] });
  }

  /** A key of this role in the organisation `default`. */
  async makeKey(role: string): Promise<string> {
    const made = (await this.ask("POST", "/v1/keys", { name: role, role })) as { secret: string };
    return made.secret;
  }

  async #run(listen: string): Promise<void> {
    const process = spawn(
      BINARY,
      // Receivers of webhooks are on this machine.
      [
        "serve",
        "--listen",
        listen,
        "--data",
        join(this.data, "data"),
        "--log-level",
        "error",
        "--webhook-allow",
        "127.0.0.0/8",
      ],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const timer = setTimeout(() => process.kill("SIGKILL"), STARTS_WITHIN_MS);
    for await (const line of createInterface({ input: process.stdout })) {
      const words = line.trim().split(/\s+/);
      if (line.includes("admin key of")) this.adminKey = words.at(-1) ?? "";
      if (line.includes("operator key")) this.operatorKey = words.at(-1) ?? "";
      this.signInLink = /http\S+\/sign-in#\S+/.exec(line)?.[0] ?? this.signInLink;
      const url = /^Callslot listens on (http[^;]+);/.exec(line)?.[1];
      if (url !== undefined) {
        clearTimeout(timer);
        this.#running = { process, url };
        return;
      }
    }
    throw new Error(`${BINARY} ended before it listened`);
  }
}
