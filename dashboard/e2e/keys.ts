import type { Locator } from "playwright-core";

/** Writes over what a field has, key by key, as people do: what a driver fills in by itself, React does not hear of in Firefox. */
export async function write(field: Locator, text: string): Promise<void> {
  await field.selectText();
  if (text === "") await field.press("Delete");
  else await field.pressSequentially(text);
}
