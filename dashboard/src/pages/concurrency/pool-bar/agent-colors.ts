// Which colour stands for which agent. It depends on nothing but who is shown, so it never changes as numbers move.

const COLOURS = 8;

/** What tells one agent from another: one of the eight colours, plain or striped. */
export interface Look {
  /** 0 to 7. */
  colour: number;
  isStriped: boolean;
}

const NONE: ReadonlyMap<string, Look> = new Map();

/**
 * Gives each of up to 16 agents a look of its own. Whoever had one before keeps it; the others get the colour that their
 * id asks for, or the next free one, striped once all colours are taken.
 */
export function looksOf(ids: readonly string[], before = NONE): ReadonlyMap<string, Look> {
  const looks = new Map<string, Look>();
  const taken = new Set<number>();
  for (const id of ids) {
    const look = before.get(id);
    if (look === undefined) continue;
    looks.set(id, look);
    taken.add(placeOf(look));
  }
  for (const id of [...ids].sort()) {
    if (looks.has(id)) continue;
    const look = freeLook(id, taken);
    looks.set(id, look);
    taken.add(placeOf(look));
  }
  return looks;
}

function freeLook(id: string, taken: ReadonlySet<number>): Look {
  const first = hashOf(id);
  for (let step = 0; step < COLOURS * 2; step += 1) {
    const look = { colour: (first + step) % COLOURS, isStriped: step >= COLOURS };
    if (!taken.has(placeOf(look))) return look;
  }
  return { colour: first % COLOURS, isStriped: false };
}

function placeOf({ colour, isStriped }: Look): number {
  return isStriped ? COLOURS + colour : colour;
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
