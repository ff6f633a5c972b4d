import { groundOf, OVER_GROUND, SHARED_GROUND, STRIPES } from "./agent-color-classes";
import type { AgentColor } from "./agent-colors";
import type { Segment } from "./pool-bar-segments";

/** A segment slot by slot: solid in use, outlined kept free. */
export function Cells({ segment }: { segment: Segment }) {
  const { solid, pale } = groundOfSegment(segment);
  const ticks = ticksOf(segment);
  return Array.from({ length: segment.slots }, (_, slot) => {
    const isUsed = slot < segment.inUse;
    const tick = ticks[slot];
    return (
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
        key={slot}
        className={`relative h-full min-w-0 flex-1 basis-0 overflow-hidden rounded-xs border transition-colors ${
          isUsed ? `border-transparent ${solid} ${FORCED_USED}` : `${pale} ${FORCED_IDLE}`
        }`}
        style={isUsed && isStriped(segment) ? STRIPES : undefined}
      >
        {isUsed && tick !== undefined && <Tick color={tick.color} />}
      </span>
    );
  });
}

/** A segment in proportion, where slots are too many for cells. */
export function Proportion({ segment }: { segment: Segment }) {
  const { solid, pale } = groundOfSegment(segment);
  const usedPercent = segment.slots === 0 ? 0 : (segment.inUse / segment.slots) * 100;
  return (
    <span
      className={`relative h-full w-full overflow-hidden rounded-sm border ${pale} ${FORCED_IDLE}`}
    >
      <span
        className={`absolute inset-y-0 left-0 transition-[width] duration-200 ${solid} ${FORCED_USED}`}
        style={{ width: `${usedPercent}%`, ...(isStriped(segment) && STRIPES) }}
      />
      <span className="absolute bottom-0 left-0 flex h-1.5" style={{ width: `${usedPercent}%` }}>
        {partsOf(segment).map(({ key, slots, color }) => (
          <span
            key={key}
            className={`basis-0 ${groundOf(color).solid}`}
            style={{ flexGrow: slots }}
          />
        ))}
      </span>
    </span>
  );
}

// With forced colours, what is in use is filled and what is free is empty.
const FORCED_USED = "forced-color-adjust-none forced-colors:bg-[CanvasText]";
const FORCED_IDLE = "forced-colors:border-[CanvasText]";

function Tick({ color }: { color: AgentColor | undefined }) {
  return (
    <span
      className={`absolute inset-x-0 bottom-0 h-1.5 border-surface border-t ${groundOf(color).solid}`}
    />
  );
}

/** Whose the used shared slots are: those without a colour of their own together. */
function partsOf({ users = [] }: Segment) {
  const colored = users.filter(({ color }) => color !== undefined);
  const rest = users.reduce((sum, { slots, color }) => sum + (color === undefined ? slots : 0), 0);
  const parts = colored.map(({ name, slots, color }) => ({ key: `agent ${name}`, slots, color }));
  return rest === 0 ? parts : [...parts, { key: "others", slots: rest, color: undefined }];
}

/** Whose each used shared slot is. */
function ticksOf({ users, inUse }: Segment): readonly { color: AgentColor | undefined }[] {
  const ticks = (users ?? []).flatMap(({ color, slots }) => Array(slots).fill({ color }));
  return ticks.slice(0, inUse);
}

export function groundOfSegment({ kind, color }: Segment) {
  if (kind === "shared") return SHARED_GROUND;
  if (kind === "over") return OVER_GROUND;
  return groundOf(color);
}

export function isStriped({ kind, color }: Segment): boolean {
  return kind === "over" || (color?.isStriped ?? false);
}
