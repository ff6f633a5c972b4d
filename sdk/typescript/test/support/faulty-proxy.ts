/** A proxy between a client and the server that does what networks do: loses, cuts, falls silent, blocks WebSockets. */
import {
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { WebSocket, WebSocketServer } from "ws";

interface Pair {
  down: WebSocket;
  up: WebSocket;
  isSilent: boolean;
}

export class FaultyProxy implements AsyncDisposable {
  url = "";
  /** Upgrades are answered 403, as some proxies do. */
  blocksWebSockets = false;
  /** New connections are closed at once. */
  isDown = false;
  /** Asked for each message of the stream and each HTTP answer; `true` loses it, and the connection with it. */
  loses: (direction: "up" | "down", text: string) => boolean = () => false;
  /** HTTP requests to which no answer ever comes, by their paths. */
  hangs: (path: string) => boolean = () => false;
  /** Waits before an HTTP request goes on, or its answer. */
  delays: (path: string) => Promise<void> = async () => {};
  delaysAnswer: (path: string) => Promise<void> = async () => {};
  /** How many streams were opened through it. */
  streams = 0;

  readonly #target: string;
  readonly #server: Server;
  readonly #webSockets = new WebSocketServer({ noServer: true });
  readonly #sockets = new Set<Socket>();
  readonly #pairs = new Set<Pair>();

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((from, to) => this.#pass(from, to));
    this.#server.on("connection", (socket) => {
      if (this.isDown) socket.destroy();
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
    this.#server.on("upgrade", (from, socket, head) => this.#upgrade(from, socket as Socket, head));
  }

  static async start(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await new Promise<void>((done) => proxy.#server.listen(0, "127.0.0.1", done));
    const { port } = proxy.#server.address() as { port: number };
    proxy.url = `http://127.0.0.1:${port}`;
    return proxy;
  }

  /** Breaks every connection, without a word. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
    for (const { up } of this.#pairs) up.terminate();
  }

  /** Closes every stream towards the client with this code; the server sees a broken connection. */
  closeStreams(code: number): void {
    for (const { up, down } of this.#pairs) {
      down.close(code);
      up.terminate();
    }
  }

  /** Sends this on every stream to the client, as if the server had said it. */
  say(text: string): void {
    for (const { down } of this.#pairs) down.send(text);
  }

  /** Lets nothing more through on the streams that there are, and closes none: both sides believe in them. */
  silenceStreams(): void {
    for (const pair of this.#pairs) pair.isSilent = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cut();
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #upgrade(from: IncomingMessage, socket: Socket, head: Buffer): void {
    if (this.blocksWebSockets) {
      socket.end("HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
      return;
    }
    const headers = { authorization: from.headers.authorization ?? "" };
    const up = new WebSocket(`${this.#target}${from.url}`.replace("http", "ws"), "callslot.v1", {
      headers,
    });
    up.on("error", () => socket.destroy());
    const early: string[] = [];
    up.on("message", (data) => early.push(String(data)));
    up.on("open", () => {
      this.#webSockets.handleUpgrade(from, socket, head, (down) => {
        this.streams += 1;
        up.removeAllListeners("message");
        this.#join(up, down, early);
      });
    });
  }

  #join(up: WebSocket, down: WebSocket, early: string[]): void {
    const pair: Pair = { up, down, isSilent: false };
    this.#pairs.add(pair);
    const over = () => this.#pairs.delete(pair);
    const forward = (direction: "up" | "down", to: WebSocket, text: string) => {
      if (pair.isSilent) return;
      if (this.loses(direction, text)) {
        down.terminate();
        up.terminate();
      } else {
        to.send(text);
      }
    };
    for (const text of early) forward("down", down, text);
    up.on("message", (data) => forward("down", down, String(data)));
    down.on("message", (data) => forward("up", up, String(data)));
    up.on("close", (code) => {
      over();
      if (pair.isSilent) return;
      if (code === 1006) down.terminate();
      else down.close(code === 1005 ? 1000 : code);
    });
    down.on("close", () => {
      over();
      up.terminate();
    });
    down.on("error", () => up.terminate());
  }

  #pass(from: IncomingMessage, to: ServerResponse): void {
    const parts: Buffer[] = [];
    from.on("data", (part) => parts.push(part));
    from.on("end", async () => {
      const body = Buffer.concat(parts);
      if (this.hangs(from.url ?? "")) return;
      await this.delays(from.url ?? "");
      if (this.loses("up", body.toString())) {
        to.destroy();
        return;
      }
      const { connection: _, ...headers } = from.headers;
      const onward = request(
        this.#target + from.url,
        { method: from.method ?? "GET", headers, agent: false },
        async (answer) => {
          await this.delaysAnswer(from.url ?? "");
          this.#answer(answer, to);
        },
      );
      onward.on("error", () => to.destroy());
      to.on("close", () => onward.destroy());
      onward.end(body);
    });
  }

  #answer(answer: IncomingMessage, to: ServerResponse): void {
    if (answer.headers["content-type"]?.startsWith("text/event-stream")) {
      to.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(to);
      return;
    }
    const parts: Buffer[] = [];
    answer.on("data", (part) => parts.push(part));
    answer.on("error", () => to.destroy());
    answer.on("end", () => {
      const body = Buffer.concat(parts);
      if (this.loses("down", body.toString())) {
        to.destroy();
      } else {
        to.writeHead(answer.statusCode ?? 500, answer.headers);
        to.end(body);
      }
    });
  }
}
