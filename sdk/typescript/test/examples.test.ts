/** The example for Twilio as a process, asked as Twilio asks, with requests that its own package signs. */
import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import twilio from "twilio";
import { expect, test } from "vitest";
import { freePort, Server, until } from "./support/server.js";

const token = "a-token-of-the-tests";

class Program implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;
  out = "";

  constructor(server: Server, port: number) {
    this.url = `http://127.0.0.1:${port}`;
    const example = fileURLToPath(new URL("../examples/twilio.ts", import.meta.url));
    this.#child = spawn(process.execPath, ["--import", "tsx", example], {
      env: {
        ...process.env,
        CALLSLOT_URL: server.url,
        CALLSLOT_KEY: server.key,
        TWILIO_AUTH_TOKEN: token,
        PUBLIC_URL: this.url,
        AGENT_STREAM: "wss://agent.example.com/media",
        PORT: String(port),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#child.stdout?.on("data", (part) => {
      this.out += part;
    });
  }

  async post(path: string, fields: Record<string, string>, by = token) {
    const address = this.url + path;
    const headers = {
      "x-twilio-signature": twilio.getExpectedTwilioSignature(by, address, fields),
    };
    const body = new URLSearchParams(fields);
    const answer = await fetch(address, { method: "POST", headers, body });
    return { status: answer.status, text: await answer.text() };
  }

  async stop(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const gone = new Promise((done) => this.#child.once("exit", done));
    this.#child.kill(signal);
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode === null) await this.stop("SIGKILL");
  }
}

test("callers wait with words, are connected in turn, and outlive a deployment of the program", async () => {
  await using server = await Server.start(1);
  const begin = { CallSid: "CA1", From: "+491" };
  const wait = { CallSid: "CA2", From: "+492" };
  await using old = new Program(server, await freePort());
  await until("it listens", () => old.out.includes("listening"));
  expect((await old.post("/voice", begin, "another token")).status).toBe(403);
  expect((await old.post("/voice", begin)).text).toContain("wss://agent.example.com/media");
  expect((await old.post("/voice", begin)).text).toContain("<Connect>");
  expect((await old.post("/voice", wait)).text).toContain("You are number 1 in line.");
  await old.stop("SIGTERM");
  expect(await server.live()).toEqual({ active: 1, queued: 1 });

  await using young = new Program(server, await freePort());
  await until("it listens", () => young.out.includes("listening"));
  expect((await young.post("/voice", begin)).text).toContain("<Connect>");
  expect((await young.post("/voice", wait)).text).toContain("<Say>");
  expect((await young.post("/status", { CallSid: "CA1", CallStatus: "completed" })).status).toBe(
    204,
  );
  await until("the other is connected", async () => {
    const { text } = await young.post("/voice", wait);
    return text.includes("<Connect>");
  });
  await young.post("/status", { CallSid: "CA2", CallStatus: "completed" });
  expect(await server.live()).toEqual({ active: 0, queued: 0 });
});
