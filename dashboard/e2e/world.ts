// A server and a browser for the tests of a file, and visitors that are seen out after each test.

import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { Visitor } from "./browser";
import { launch } from "./launch";
import { Server } from "./server";

type Look = Parameters<typeof Visitor.at>[2];

export interface World {
  readonly server: Server;
  /** Somebody who is signed in with a key, the admin's if none is named. */
  visitor: (look?: Look & { key?: string; path?: string }) => Promise<Visitor>;
  /** Somebody who is not. */
  stranger: (look?: Look) => Promise<Visitor>;
}

/** Sets the world up for a file's tests. Whatever a visitor should not have met fails the test. */
export function world(prepare: (server: Server) => Promise<void> = async () => {}): World {
  let server: Server | undefined;
  let browser: Browser | undefined;
  let present: Visitor[] = [];
  const there = () => {
    if (server === undefined || browser === undefined)
      throw new Error("the world is not there yet");
    return { server, browser };
  };
  beforeAll(async () => {
    server = await Server.start();
    await prepare(server);
    browser = await launch();
  });
  afterEach(async () => {
    const complaints = present.flatMap((visitor) => visitor.complaints);
    await Promise.all(present.map((visitor) => visitor.leave()));
    present = [];
    expect(complaints).toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.dispose();
  });
  const stranger = async (look?: Look) => {
    const visitor = await Visitor.at(there().browser, there().server, look);
    present.push(visitor);
    return visitor;
  };
  return {
    get server() {
      return there().server;
    },
    stranger,
    async visitor({ key, path, ...look } = {}) {
      const visitor = await stranger(look);
      await visitor.signIn(key ?? there().server.adminKey, path);
      return visitor;
    },
  };
}
