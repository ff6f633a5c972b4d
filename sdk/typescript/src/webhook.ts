/** Checks that a webhook comes from who has its secret, by Standard Webhooks 1.0: {@link Webhook}. Needs WebCrypto alone. */
import { CallslotError } from "./errors.js";

/** How old, or how far ahead, a message may be, in seconds. */
const TOLERANCE_S = 300;

/** The message is not what it claims to be, or too old. Answer 400, and do nothing with it. */
export class WebhookError extends CallslotError {
  override name = "WebhookError";
}

/** Headers as `fetch` has them, or as Node's `http` does. */
export type WebhookHeaders =
  | { get(name: string): string | null }
  | { [name: string]: string | string[] | undefined };

/**
 * ```ts
 * const webhook = new Webhook(process.env.CALLSLOT_WEBHOOK_SECRET!);
 * const event = await webhook.verify(await request.text(), request.headers);
 * ```
 */
export class Webhook {
  readonly #keys: Promise<CryptoKey>[];

  /** @param secrets The secret, `whsec_` and base64; while it is rotated, the old and the new one. */
  constructor(...secrets: [string, ...string[]]) {
    this.#keys = secrets.map((secret) => {
      const raw = fromBase64(secret.replace(/^whsec_/, ""));
      if (raw.length === 0) throw new WebhookError("a secret is `whsec_` and base64");
      const algorithm = { name: "HMAC", hash: "SHA-256" };
      return crypto.subtle.importKey("raw", raw, algorithm, false, ["sign", "verify"]);
    });
  }

  /**
   * Checks a message and parses it.
   *
   * @param body The body as it came: text or bytes, not an object made from it.
   * @throws {WebhookError} if a header is missing, no signature is right, or its time is more than 5 minutes off.
   */
  async verify<T = unknown>(body: string | Uint8Array, headers: WebhookHeaders): Promise<T> {
    const id = header(headers, "webhook-id");
    const timestamp = header(headers, "webhook-timestamp");
    const signatures = header(headers, "webhook-signature").split(" ");
    if (!/^\d{1,12}$/.test(timestamp)) throw new WebhookError("`webhook-timestamp` is no time");
    if (Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S) {
      throw new WebhookError("`webhook-timestamp` is more than 5 minutes off");
    }
    const text = typeof body === "string" ? body : new TextDecoder().decode(body);
    const signed = bytes(`${id}.${timestamp}.${text}`);
    for (const signature of signatures) {
      const [version, value = ""] = signature.split(",");
      if (version === "v1" && (await this.#isRight(fromBase64(value), signed))) {
        return parse(text);
      }
    }
    throw new WebhookError("no signature is right");
  }

  /** The header `webhook-signature` of a message, by the first secret: for tests of a receiver. */
  async sign(id: string, timestampS: number, body: string): Promise<string> {
    const key = await (this.#keys[0] as Promise<CryptoKey>);
    const value = await crypto.subtle.sign("HMAC", key, bytes(`${id}.${timestampS}.${body}`));
    return `v1,${btoa(String.fromCharCode(...new Uint8Array(value)))}`;
  }

  /** WebCrypto compares in constant time. */
  async #isRight(signature: Uint8Array<ArrayBuffer>, signed: Uint8Array<ArrayBuffer>) {
    for (const key of this.#keys) {
      if (await crypto.subtle.verify("HMAC", await key, signature, signed)) return true;
    }
    return false;
  }
}

function header(headers: WebhookHeaders, name: string): string {
  const value = typeof headers.get === "function" ? headers.get(name) : plain(headers, name);
  if (typeof value !== "string") throw new WebhookError(`the header \`${name}\` is missing`);
  return value;
}

function plain(headers: object, name: string): unknown {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}

function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new WebhookError("the body is not JSON", { cause });
  }
}

const bytes = (text: string) => new TextEncoder().encode(text);

/** What is no base64 has no bytes. */
function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}
