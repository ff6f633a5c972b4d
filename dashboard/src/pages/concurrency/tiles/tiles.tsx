import type { Pool } from "../../../domain";
import { duration } from "../../../format";
import { useLive, useNow } from "../../../live/live-provider";
import type { Tab } from "../address";
import type { View } from "../matrix/matrix-rows";
import { useEstimates } from "../waiting/use-estimates";
import {
  inUseTile,
  reservedTile,
  sharedTile,
  type TileText,
  type Tone,
  waitingTile,
} from "./tile-texts";

/** How the pool is in four numbers; each narrows the list below to what it counts. */
export function Tiles(props: { pool: Pool; onShow: (view: Partial<View>, tab?: Tab) => void }) {
  const { pool, onShow } = props;
  const show = (view: Partial<View>, tab?: Tab) => () =>
    onShow({ search: "", agent: undefined, ...view }, tab);
  return (
    <section aria-label="The pool now" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Tile text={inUseTile(pool)} onChoose={show({ show: "in-use" })} />
      <Tile text={sharedTile(pool)} onChoose={show({ show: "shared" })} />
      <WaitingTile pool={pool} onChoose={show({ show: "all" }, "waiting")} />
      <Tile text={reservedTile(pool)} onChoose={show({ show: "reserved" })} />
    </section>
  );
}

function WaitingTile({ pool, onChoose }: { pool: Pool; onChoose: () => void }) {
  const oldest = useLive((live) => live.queue[0]);
  const nowMs = useNow(1000);
  const estimates = useEstimates(pool.queued > 0);
  const longest = oldest && duration(nowMs - Date.parse(oldest.requested_at));
  const next = estimates.size === 0 ? undefined : Math.min(...estimates.values());
  return <Tile text={waitingTile(pool, longest, next)} onChoose={onChoose} />;
}

const TONE: Record<Tone, string> = {
  plain: "",
  warning: "text-warning",
  danger: "text-danger",
};

function Tile({ text, onChoose }: { text: TileText; onChoose: () => void }) {
  const { name, value, more, tone } = text;
  return (
    <button
      type="button"
      onClick={onChoose}
      className="flex min-w-0 flex-col items-start rounded-lg border border-line bg-surface px-4 py-3 text-left shadow-card hover:border-line-strong"
    >
      {/* The spaces are for those who hear it as one sentence. */}
      <span className="text-muted">{name}</span>{" "}
      <span className="flex flex-wrap items-baseline gap-x-2">
        <span className={`font-semibold text-xl whitespace-nowrap ${TONE[tone]}`} data-tile={name}>
          {value}
        </span>
        {more !== "" && " "}
        {more !== "" && <span className="text-muted">{more}</span>}
      </span>
    </button>
  );
}
