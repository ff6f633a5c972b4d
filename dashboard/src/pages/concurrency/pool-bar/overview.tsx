import { useMemo } from "react";
import type { Pool } from "../../../domain";
import { count, counted } from "../../../format";
import { Card } from "../../../ui/page/page";
import type { View } from "../matrix/matrix-rows";
import type { AgentColor } from "./agent-colors";
import { PoolBar, PoolLegend } from "./pool-bar";
import { barOf, overWords, type Segment } from "./pool-bar-segments";

/** Who holds what of the pool. A segment that is chosen says its numbers and narrows the list below. */
export function Overview(props: {
  pool: Pool;
  colors: ReadonlyMap<string, AgentColor>;
  view: View;
  onShow: (view: Partial<View>) => void;
}) {
  const { pool, colors, view, onShow } = props;
  const bar = useMemo(() => barOf(pool, colors), [pool, colors]);
  const reserved = `${count(pool.reserved)} of ${counted(pool.limit, "slot")} reserved`;
  const chosen = bar.segments.find((segment) => isChosen(segment, view));
  const choose = (segment: Segment) =>
    onShow(segment === chosen ? { show: "all", agent: undefined } : viewOf(segment));
  return (
    <Card>
      <div className="flex flex-col gap-3">
        <PoolBar
          bar={bar}
          label={`${reserved}, ${count(pool.active)} in use`}
          chosenKey={chosen?.key}
          onChoose={choose}
        />
        <PoolLegend bar={bar} />
        {chosen !== undefined && (
          <p role="status">
            <bdi className="font-medium">{chosen.name}</bdi>: {chosen.says}
          </p>
        )}
        {pool.settling > 0 && <p className="text-warning">{overWords(pool.settling)}</p>}
      </div>
    </Card>
  );
}

function viewOf({ kind, agent }: Segment): Partial<View> {
  if (agent !== undefined) return { show: "all", search: "", agent };
  if (kind === "others") return { show: "reserved", search: "", agent: undefined };
  return { show: "shared", search: "", agent: undefined };
}

function isChosen({ kind, agent }: Segment, view: View): boolean {
  if (agent !== undefined) return view.agent === agent;
  return kind === "shared" && view.agent === undefined && view.show === "shared";
}
