/**
 * Opens the engine stream's WebSocket on each runtime. The key travels in the header `authorization`, which a browser's own
 * WebSocket cannot send, and each runtime takes headers in its own way:
 *
 * - Node 22 and newer, Bun and Deno: `new WebSocket(url, { protocols, headers })`;
 * - Node 20: the package `ws`, if it is installed;
 * - Cloudflare Workers: a `fetch` that upgrades.
 *
 * Where there is none, {@link openSocket} rejects with {@link NoWebSocket}, and the client uses plain HTTP.
 */

/** The protocol of the engine stream, as it is offered. */
const PROTOCOL = "callslot.v1";
/** How long opening may take. */
const OPEN_TIMEOUT_MS = 10_000;

/** The part of a WebSocket that is used. */
export interface Socket {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: string, listener: (event: SocketEvent) => void): void;
}

/** What a WebSocket's listeners are given: a message has `data`, a close `code`. */
interface SocketEvent {
  data?: unknown;
  code?: number;
}

/** A WebSocket of one's own, for a runtime that has none or needs special settings (a proxy, a certificate). */
export type OpenWebSocket = (
  url: string,
  protocol: string,
  headers: Record<string, string>,
) => Socket | Promise<Socket>;

/** This runtime has no WebSocket that can send a key. */
export class NoWebSocket extends Error {}

/** A socket whose messages go to `onText` and whose end, which comes once, to `onClose`. It may send right away. */
export async function openSocket(
  url: string,
  headers: Record<string, string>,
  open: OpenWebSocket | undefined,
  onText: (text: string) => void,
  onClose: (code: number) => void,
): Promise<Socket> {
  const socket = await (open ?? (await runtimeWebSocket()))(url, PROTOCOL, headers);
  return new Promise((resolve, reject) => {
    let isOpen = false;
    const timer = setTimeout(() => fail(), OPEN_TIMEOUT_MS);
    const fail = () => {
      clearTimeout(timer);
      reject(new Error(`${url} did not become a WebSocket`));
      if (!isOpen) closeQuietly(socket);
    };
    socket.addEventListener("close", (event) => (isOpen ? onClose(event.code ?? 1006) : fail()));
    // What it says of the cause differs between runtimes; a close follows, except where it never opened.
    socket.addEventListener("error", () => isOpen || fail());
    // The server speaks first, so the first message says that it is open on every runtime.
    socket.addEventListener("message", (event) => {
      if (!isOpen) {
        isOpen = true;
        clearTimeout(timer);
        resolve(socket);
      }
      onText(String(event.data));
    });
  });
}

/** Closes a socket in whatever state it is. */
export function closeQuietly(socket: Socket, code?: number): void {
  try {
    socket.close(code);
  } catch {
    // It had not opened, or is closed already.
  }
}

async function runtimeWebSocket(): Promise<OpenWebSocket> {
  if ("WebSocketPair" in globalThis) return openOnWorkers;
  if (!hasWebSocketWithHeaders()) return openWithPackage;
  type WithHeaders = new (url: string, options: object) => Socket;
  const Native = globalThis.WebSocket as unknown as WithHeaders;
  return (url, protocol, headers) => new Native(url, { protocols: [protocol], headers });
}

/** Of the runtimes whose WebSocket takes headers; a browser's would take the options for a protocol's name. */
function hasWebSocketWithHeaders(): boolean {
  const scope = globalThis as { process?: { versions?: { node?: string } }; Deno?: unknown };
  const isServer = scope.process?.versions?.node !== undefined || scope.Deno !== undefined;
  return isServer && typeof globalThis.WebSocket === "function";
}

async function openWithPackage(
  url: string,
  protocol: string,
  headers: Record<string, string>,
): Promise<Socket> {
  // A name that bundlers do not follow: the package need not be there.
  const name = "ws";
  type Package = new (url: string, protocol: string, options: object) => Socket;
  const loaded = await import(/* webpackIgnore: true */ /* @vite-ignore */ name).catch(() => {
    throw new NoWebSocket("this runtime has no WebSocket that sends headers, nor the package ws");
  });
  const WebSocket = loaded.WebSocket as Package;
  return new WebSocket(url, protocol, { headers, perMessageDeflate: false });
}

async function openOnWorkers(
  url: string,
  protocol: string,
  headers: Record<string, string>,
): Promise<Socket> {
  const upgrade = { upgrade: "websocket", "sec-websocket-protocol": protocol };
  const response = await fetch(url.replace(/^ws/, "http"), { headers: { ...headers, ...upgrade } });
  const { webSocket } = response as { webSocket?: (Socket & { accept(): void }) | null };
  if (!webSocket) throw new Error(`${url} did not become a WebSocket`);
  // Its messages wait until it is accepted and this turn of the event loop is over.
  webSocket.accept();
  return webSocket;
}
