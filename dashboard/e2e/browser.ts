// A browser, watched: what leaves the server's origin, what the CSP blocks and what throws is kept for the tests to judge.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { showOtherBundle } from "./bundle";
import { write } from "./keys";
import { emulated, type Look } from "./launch";
import type { Server } from "./server";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SCREENSHOTS = resolve(import.meta.dirname, "screenshots");

/** A person at a browser. */
export class Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What should not have happened, in words. */
  readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }

  static async at(browser: Browser, server: Server, look: Look = {}): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: server.url, ...emulated(look) });
    await showOtherBundle(context);
    const page = await context.newPage();
    const visitor = new Visitor(context, page);
    await visitor.#watch(new URL(server.url).origin);
    return visitor;
  }

  async #watch(origin: string): Promise<void> {
    await this.context.exposeFunction("tellViolation", (words: string) =>
      this.complaints.push(`CSP: ${words}`),
    );
    await this.context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        const tell = (globalThis as unknown as { tellViolation(words: string): void })
          .tellViolation;
        tell(
          `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
        );
      });
    });
    this.context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.origin !== origin) {
        this.complaints.push(`off-origin: ${request.url()}`);
      }
    });
    this.page.on("pageerror", (error) => this.complaints.push(`threw: ${error.message}`));
    this.page.on("console", (message) => {
      // A refused request and a server that is down are said by the browser, not by us.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) {
        this.complaints.push(`console: ${message.text()}`);
      }
    });
  }

  /** Signs in by typing a key. */
  async signIn(key: string, path = "/concurrency"): Promise<void> {
    await this.page.goto(path);
    await write(this.page.getByLabel("API key"), key);
    await this.page.getByRole("button", { name: "Sign in" }).click();
    // A dialog that the address opens hides the rest of the page.
    await this.page
      .getByRole("link", { name: "Skip to content", includeHidden: true })
      .waitFor({ state: "attached" });
  }

  /** What axe-core finds on the page as it is. */
  async violations(): Promise<string[]> {
    // Not as a script element: the CSP lets in none but the server's.
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
      const { violations } = await axe.run();
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
      );
    });
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: `${SCREENSHOTS}/${name}.png` });
  }

  async leave(): Promise<void> {
    await this.context.close();
  }
}
