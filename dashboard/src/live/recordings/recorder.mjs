// Listens to one organisation while it is driven.

export class Recorder {
  lines = [];
  pending = [];
  lastSeq = 0;
  stop = new AbortController();

  constructor(base, key, org) {
    this.base = base;
    this.org = org;
    this.headers = { authorization: `Bearer ${key}`, "callslot-org": org };
  }

  /** A request. What is refused is part of the recording: it must change nothing. */
  ask = async (method, path, body) => {
    const headers = { ...this.headers };
    const request = { method, headers };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
      request.body = JSON.stringify(body);
    }
    const response = await fetch(this.base + path, request);
    const text = await response.text();
    return text === "" ? {} : JSON.parse(text);
  };

  async begin() {
    await this.ask("POST", "/v1/orgs", { id: this.org, name: this.org, plan: "standard" });
    const { signal } = this.stop;
    const stream = await fetch(`${this.base}/v1/events?after=0`, { headers: this.headers, signal });
    if (!stream.ok) throw new Error(await stream.text());
    this.listen(stream.body).catch(() => {});
  }

  async listen(body) {
    let text = "";
    for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const blocks = text.split("\n\n");
      text = blocks.pop();
      for (const block of blocks) this.hear(block);
    }
  }

  hear(block) {
    const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: ?(.*)/s, 2)));
    if (fields.data === undefined) return;
    const event = { kind: fields.event, ...JSON.parse(fields.data) };
    if (event.call !== undefined) event.call = brief(event.call);
    this.pending.push(event);
    this.lastSeq = event.seq;
  }

  /** The pool and the calls at a moment at which nothing happens. */
  async point() {
    for (;;) {
      const pool = await this.ask("GET", "/v1/concurrency");
      const queued = await this.ask("GET", "/v1/calls?state=queued&limit=1000");
      const active = await this.ask("GET", "/v1/calls?state=active&limit=1000");
      const after = await this.ask("GET", "/v1/concurrency");
      if (after.as_of !== pool.as_of) continue;
      while (this.lastSeq < pool.as_of) await this.sleep(5);
      this.flush(pool.as_of);
      this.add({
        point: { pool, queued: queued.items.map(brief), active: active.items.map(brief) },
      });
      return;
    }
  }

  flush(seq) {
    for (const event of this.pending.filter((event) => event.seq <= seq)) this.add({ event });
    this.pending = this.pending.filter((event) => event.seq > seq);
  }

  add(line) {
    this.lines.push(JSON.stringify(line));
  }

  end() {
    this.stop.abort();
    return `${this.lines.join("\n")}\n`;
  }

  sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
}

function brief(call) {
  const said = Object.entries(call).filter(([key, value]) => value !== null && key !== "metadata");
  return Object.fromEntries(said);
}
