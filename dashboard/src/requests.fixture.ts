// For tests: Node's requests have no page that they come from, and so know no addresses without a host.

const OwnRequest = globalThis.Request;

globalThis.Request = class extends OwnRequest {
  constructor(input: RequestInfo | URL, init?: RequestInit) {
    super(typeof input === "string" ? new URL(input, window.location.href) : input, init);
  }
};
