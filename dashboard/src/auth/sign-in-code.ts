// One-time sign-in links: `/sign-in#<code>`. The fragment never reaches a server or its log.

/** The one-time code in an address; null if there is none. */
export function codeIn(address: { pathname: string; hash: string }): string | null {
  const code = address.hash.slice(1);
  return address.pathname === "/sign-in" && code !== "" ? code : null;
}

/** The link that signs a browser in once. */
export function signInLink(origin: string, code: string): string {
  return `${origin}/sign-in#${code}`;
}
