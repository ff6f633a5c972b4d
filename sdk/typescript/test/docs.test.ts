/**
 * Every block of docs/sdk/typescript.md, run as it is printed, by Node and the package as it would be published. Only what names a
 * package comes from here instead of the registry, and the server has its own address.
 */
import { execFile, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Webhook } from "../src/webhook.js";
import { freePort, Server, until } from "./support/server.js";

const run = promisify(execFile);
const root = fileURLToPath(new URL("..", import.meta.url));
const page = fileURLToPath(new URL("../../../docs/sdk/typescript.md", import.meta.url));
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/** An `npm` that takes `callslot` from a tarball of this folder, and the others from its `node_modules`. */
const NPM = `#!/bin/bash
words=()
for word in "$@"; do
  case "$word" in
    callslot) words+=("$TARBALL") ;;
    ws | tsx) words+=("file:$ROOT/node_modules/$word") ;;
    *) words+=("$word") ;;
  esac
done
exec "$REAL_NPM" "\${words[@]}" --offline --no-audit --no-fund --loglevel=error
`;

interface Block {
  language: string;
  text: string;
  /** What it says that it prints, line by line. */
  says: string[];
}

let server: Server;
let folder: string;
let project: string;
let env: NodeJS.ProcessEnv;
let blocks: Block[];

beforeAll(async () => {
  server = await Server.start(20);
  folder = await mkdtemp(`${tmpdir()}/callslot-docs-`);
  project = `${folder}/my-engine`;
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", folder], {
    cwd: root,
  });
  const [packed] = JSON.parse(stdout);
  const { stdout: npm } = await run("bash", ["-c", "command -v npm"]);
  await mkdir(`${folder}/bin`);
  await writeFile(`${folder}/bin/npm`, NPM);
  await chmod(`${folder}/bin/npm`, 0o755);
  env = {
    ...process.env,
    PATH: `${folder}/bin:${process.env.PATH}`,
    REAL_NPM: npm.trim(),
    TARBALL: `${folder}/${packed.filename}`,
    ROOT: root.replace(/\/$/, ""),
    CALLSLOT_URL: server.url,
    CALLSLOT_KEY: server.key,
    WEBHOOK_SECRET: secret,
  };
  blocks = parse(await readFile(page, "utf8"));
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

function parse(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(sh|ts)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
    language: language as string,
    text: text as string,
    says: [...(text as string).matchAll(/^(?:\/\/|#) -> (.*)$/gm)].map(
      ([, line]) => line as string,
    ),
  }));
}

const nameOf = (block: Block) => /^\/\/ (\S+\.ts)$/m.exec(block.text)?.[1] ?? "";

test("from nothing to a first call, as it is printed", async () => {
  const [install, first, runIt] = blocks as [Block, Block, Block];
  expect([install.language, nameOf(first), runIt.language]).toEqual(["sh", "first.ts", "sh"]);
  await run("bash", ["-ec", install.text], { cwd: folder, env });
  for (const block of blocks) {
    if (block.language === "ts") await writeFile(`${project}/${nameOf(block)}`, block.text);
  }
  const { stdout } = await run("bash", ["-ec", runIt.text], { cwd: project, env });
  expect(stdout.trim().split("\n")).toEqual(runIt.says);
});

test("every program is right by its types", async () => {
  await symlink(`${root}/node_modules/@types`, `${project}/node_modules/@types`);
  const options = {
    target: "ES2022",
    lib: ["ES2023", "ESNext.Disposable", "DOM"],
    module: "NodeNext",
    strict: true,
    noEmit: true,
    types: ["node"],
  };
  await writeFile(`${project}/tsconfig.json`, JSON.stringify({ compilerOptions: options }));
  const failed = await run(`${root}/node_modules/.bin/tsc`, [], { cwd: project }).catch((it) => it);
  expect(failed.stdout).toBe("");
});

test("every other program prints what it says", async () => {
  const programs = blocks.filter((block) => block.language === "ts" && block.says.length > 0);
  expect(programs.length).toBe(8);
  for (const program of programs) {
    const { stdout } = await run("npx", ["tsx", nameOf(program)], { cwd: project, env });
    expect(stdout.trim().split("\n"), nameOf(program)).toEqual(program.says);
  }
});

test("the campaign dials what is signed, as many at once as it may, and each number once", async () => {
  const port = await freePort();
  const child = spawn(process.execPath, ["--import", "tsx", "campaign.ts"], {
    cwd: project,
    env: { ...env, PORT: String(port) },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let out = "";
  child.stdout.on("data", (part) => {
    out += part;
  });
  try {
    await until("it listens", () => out.includes("listening"));
    const body = JSON.stringify({ id: "autumn", numbers: ["+491", "+492", "+493"] });
    const now = Math.floor(Date.now() / 1000);
    const headers = {
      "webhook-id": "msg_1",
      "webhook-timestamp": String(now),
      "webhook-signature": await new Webhook(secret).sign("msg_1", now, body),
    };
    const post = (text: string) =>
      fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body: text });
    expect((await post(`${body} `)).status).toBe(400);
    expect((await post(body)).status).toBe(204);
    await until("all are dialled", () => out.split("dialling").length === 4);
    expect((await post(body)).status).toBe(204);
    await until("the repeated numbers are over", () => out.split("is over").length === 4);
    expect(child.exitCode).toBe(null);
    await until("no call is left", async () => (await server.live()).active === 0);
    expect(out.match(/autumn-\+49\d: dialling/g)?.length).toBe(3);
  } finally {
    child.kill("SIGKILL");
  }
});
