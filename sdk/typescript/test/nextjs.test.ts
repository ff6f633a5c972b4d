/** The route handlers for Next.js, called as Next.js calls them, against the real server. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { Webhook } from "../src/webhook.js";
import { Server, until } from "./support/server.js";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const afterwards: Promise<unknown>[] = [];
vi.mock("next/server", () => ({
  after: (work: () => Promise<unknown>) => void afterwards.push(work()),
}));
vi.mock("callslot", () => import("../src/index.js"));
vi.mock("callslot/webhook", () => import("../src/webhook.js"));

let server: Server;
beforeAll(async () => {
  server = await Server.start(1);
  vi.stubEnv("CALLSLOT_URL", server.url);
  vi.stubEnv("CALLSLOT_KEY", server.key);
  vi.stubEnv("WEBHOOK_SECRET", SECRET);
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  vi.unstubAllEnvs();
});

type Handler = (request: never, context: never) => Promise<Response>;

/** A route of the example. Its types are checked with the example's own settings. */
const route = (name: string): Promise<Record<"GET" | "POST" | "DELETE", Handler>> =>
  import(new URL(`../examples/nextjs/app/api/${name}/route.ts`, import.meta.url).href);

const nobodyIsLive = () =>
  until("nobody is live", async () => {
    const { active, queued } = await server.live();
    return active + queued === 0;
  });

test("an answer is written with a slot, who waits is told, and who leaves gives the place up", async () => {
  const chat = await route("chat");
  const one = await route("chat/[id]");
  const ask = (conversation: string, signal?: AbortSignal) =>
    chat.POST(
      new Request("http://engine/api/chat", {
        method: "POST",
        body: JSON.stringify({ conversation, text: "hello" }),
        ...(signal && { signal }),
      }) as never,
      {} as never,
    );
  expect(await (await ask("c1")).text()).toContain('{"text":"hello "}');
  await nobodyIsLive();

  const held = await server.client().call("support", "chat", { id: "held" });
  const params = { params: Promise.resolve({ id: "held" }) } as never;
  expect(await (await one.GET({} as never, params)).json()).toMatchObject({ state: "active" });
  const leaves = new AbortController();
  const waiting = await ask("c2", leaves.signal);
  const reader = waiting.body?.getReader();
  const told = await reader?.read();
  expect(new TextDecoder().decode(told?.value)).toContain('"position":1');
  leaves.abort();
  await until("the place is given up", async () => (await server.live()).queued === 0);
  expect((await one.DELETE({} as never, params)).status).toBe(204);
  await until("it is lost", () => held.lost.aborted);
  await nobodyIsLive();
});

test("numbers of a signed campaign wait for their slots, and others are refused", async () => {
  const campaign = await route("campaign");
  const body = JSON.stringify({ id: "spring", numbers: ["+491", "+492"] });
  const post = (headers: Record<string, string>) => {
    const request = new Request("http://engine/api/campaign", { method: "POST", body, headers });
    return campaign.POST(request as never, {} as never);
  };
  expect((await post({ "webhook-signature": "v1,no" })).status).toBe(400);
  const id = "msg_1";
  const timestamp = Math.floor(Date.now() / 1000);
  const signature = await new Webhook(SECRET).sign(id, timestamp, body);
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": signature,
  };
  expect((await post(headers)).status).toBe(202);
  await Promise.all(afterwards);
  await nobodyIsLive();
  expect((await server.client().settings.call("spring-+492")).reason).toBe("completed");
});
