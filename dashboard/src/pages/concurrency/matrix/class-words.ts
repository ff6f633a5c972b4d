// What an agent's calls of one type use, as a cell and as a sentence. Pure.

import type { ClassUse } from "../../../domain";
import { count, counted } from "../../../format";

/** "2/3": in use of reserved; "2" where nothing is reserved; empty when there is nothing. */
export function usedText({ active, reserved }: ClassUse): string {
  if (reserved > 0) return `${count(active)}/${count(reserved)}`;
  return active > 0 ? count(active) : "";
}

/** "+1": who waits; empty when nobody does. */
export function waitingText({ queued }: ClassUse): string {
  return queued > 0 ? `+${count(queued)}` : "";
}

/** All of it in words. `oldestWait` is how long the earliest has waited, if that is known. */
export function classWords(use: ClassUse, oldestWait?: string): string {
  const { reserved, reserved_in_use, shared_in_use, queued } = use;
  const words: string[] = [];
  if (reserved > 0) {
    words.push(`${count(reserved_in_use)} of ${counted(reserved, "reserved slot")} in use`);
  }
  if (shared_in_use > 0) words.push(`${counted(shared_in_use, "shared slot")} in use`);
  if (queued > 0) {
    const longest =
      oldestWait === undefined ? "" : `, ${queued > 1 ? "longest " : ""}${oldestWait}`;
    words.push(`${count(queued)} waiting${longest}`);
  }
  return words.length === 0 ? "Nothing reserved, nothing in use" : words.join(" · ");
}

/** The parts of a cell's bar, as shares: those who wait take at most half as much as all slots. */
export function barParts(use: ClassUse): readonly { kind: BarPart; share: number }[] {
  const slots = use.reserved + use.shared_in_use;
  const parts: { kind: BarPart; share: number }[] = [
    { kind: "used", share: use.reserved_in_use },
    { kind: "idle", share: use.reserved - use.reserved_in_use },
    { kind: "borrowed", share: use.shared_in_use },
    { kind: "waiting", share: Math.min(use.queued, Math.max(1, slots / 2)) },
  ];
  return parts.filter(({ share }) => share > 0);
}

export type BarPart = "used" | "idle" | "borrowed" | "waiting";
