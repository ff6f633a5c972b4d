import type { Visitor } from "./browser";

export interface Presses {
  clicks: number;
  keys: number;
}

/** Counts what a visitor presses from now on, on any page: real clicks of the mouse, and keys that go down. */
export async function countPresses({ page, context }: Visitor): Promise<Presses> {
  const presses: Presses = { clicks: 0, keys: 0 };
  await context.exposeFunction("countPress", (kind: keyof Presses) => {
    presses[kind] += 1;
  });
  const listen = () => {
    const { countPress } = globalThis as unknown as { countPress(kind: keyof Presses): void };
    const told = { capture: true, passive: true };
    addEventListener("keydown", ({ isTrusted }) => isTrusted && countPress("keys"), told);
    // A key that presses a button makes a click as well, of no button of a mouse.
    addEventListener(
      "click",
      ({ isTrusted, detail }) => isTrusted && detail > 0 && countPress("clicks"),
      told,
    );
  };
  await context.addInitScript(listen);
  await page.evaluate(listen);
  return presses;
}
