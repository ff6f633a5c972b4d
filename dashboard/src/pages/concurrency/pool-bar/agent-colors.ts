// Which colour is which agent's. It depends only on which agents are shown, so it never changes as numbers move.

const COLORS = 8;

/** What tells one agent from another: one of the eight colours, plain or striped. */
export interface AgentColor {
  /** 0 to 7. */
  hue: number;
  isStriped: boolean;
}

const NONE: ReadonlyMap<string, AgentColor> = new Map();

/**
 * Gives each of up to 16 agents a colour of its own. Agents that had one keep it; the others get the colour that their
 * id asks for, or the next free one, striped once all colours are taken.
 */
export function agentColors(
  ids: readonly string[],
  before = NONE,
): ReadonlyMap<string, AgentColor> {
  const colors = new Map<string, AgentColor>();
  const taken = new Set<number>();
  for (const id of ids) {
    const color = before.get(id);
    if (color === undefined) continue;
    colors.set(id, color);
    taken.add(placeOf(color));
  }
  for (const id of [...ids].sort()) {
    if (colors.has(id)) continue;
    const color = freeColor(id, taken);
    colors.set(id, color);
    taken.add(placeOf(color));
  }
  return colors;
}

function freeColor(id: string, taken: ReadonlySet<number>): AgentColor {
  const first = hashOf(id);
  for (let step = 0; step < COLORS * 2; step += 1) {
    const color = { hue: (first + step) % COLORS, isStriped: step >= COLORS };
    if (!taken.has(placeOf(color))) return color;
  }
  return { hue: first % COLORS, isStriped: false };
}

function placeOf({ hue, isStriped }: AgentColor): number {
  return isStriped ? COLORS + hue : hue;
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash;
}
