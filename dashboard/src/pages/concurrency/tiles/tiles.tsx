import { useMemo } from "react";
import type { Pool, Recent } from "../../../domain";
import { duration } from "../../../format";
import { useLive, useNow } from "../../../live/live-provider";
import type { Tab } from "../address";
import type { View } from "../matrix/matrix-rows";
import { useRecent } from "../use-recent";
import { soonest, useQueueHead } from "../waiting/use-queue-head";
import { hourLine } from "./hour-line";
import { Past } from "./past";
import type { Peaks } from "./peaks-today";
import { Tile } from "./tile";
import { inUseTile, reservedTile, sharedTile, waitingTile } from "./tile-texts";
import { usePeaksToday } from "./use-peaks-today";

/** How the pool is in four numbers; each narrows the list below to what it counts. */
export function Tiles(props: { pool: Pool; onShow: (view: Partial<View>, tab?: Tab) => void }) {
  const { pool, onShow } = props;
  const recent = useRecent();
  const peaks = usePeaksToday(recent);
  const show = (view: Partial<View>, tab?: Tab) => () =>
    onShow({ search: "", agent: undefined, ...view }, tab);
  return (
    <section aria-label="The pool now" className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <InUseTile pool={pool} recent={recent} peaks={peaks} onChoose={show({ show: "in-use" })} />
      <Tile text={sharedTile(pool)} onChoose={show({ show: "shared" })} />
      <WaitingTile
        pool={pool}
        recent={recent}
        peaks={peaks}
        onChoose={show({ show: "all" }, "waiting")}
      />
      <Tile text={reservedTile(pool)} onChoose={show({ show: "reserved" })} />
    </section>
  );
}

interface TileProps {
  pool: Pool;
  recent: Recent | undefined;
  peaks: Peaks | undefined;
  onChoose: () => void;
}

function InUseTile({ pool, recent, peaks, onChoose }: TileProps) {
  const { active, limit } = pool;
  const hour = useMemo(
    () => hourLine("In use", recent?.points ?? [], ({ peak_active }) => peak_active, limit),
    [recent, limit],
  );
  return (
    <Tile text={inUseTile(pool)} onChoose={onChoose}>
      <Past hour={hour} peak={peaks && Math.max(peaks.active, active)} />
    </Tile>
  );
}

function WaitingTile({ pool, recent, peaks, onChoose }: TileProps) {
  const { queued } = pool;
  const oldest = useLive((live) => live.queue[0]);
  const nowMs = useNow(1000);
  const head = useQueueHead(queued > 0);
  const longest = oldest && duration(nowMs - Date.parse(oldest.requested_at));
  const next = soonest(head);
  const hour = useMemo(
    () => hourLine("Waiting", recent?.points ?? [], ({ peak_queued }) => peak_queued, 0),
    [recent],
  );
  return (
    <Tile text={waitingTile(pool, longest, next)} onChoose={onChoose}>
      <Past hour={hour} peak={peaks && Math.max(peaks.queued, queued)} />
    </Tile>
  );
}
