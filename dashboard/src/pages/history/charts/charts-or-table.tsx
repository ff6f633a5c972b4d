import { useMemo } from "react";
import { useAgentNames } from "../../shared/agent-names";
import { useGateNames } from "../../shared/gate-names";
import type { LimitStretch } from "../changes/limit-line";
import { waitMarks } from "../changes/wait-marks";
import type { Figures } from "../figures/read-figures";
import type { View } from "../url-state";
import { gridOf } from "./chart";
import { chartsOf } from "./charts";
import { HistoryCharts } from "./history-charts";
import { HistoryTable } from "./history-table";

/** The points of a span, as charts or as a table. */
export function ChartsOrTable(props: {
  figures: Figures;
  view: View;
  limits: readonly LimitStretch[];
  onZoom: (fromMs: number, toMs: number) => void;
}) {
  const { figures, limits, onZoom } = props;
  const { fill, isTable } = props.view;
  const agents = useAgentNames();
  const gates = useGateNames();
  const names = figures.by === "gate" ? gates : agents;
  const grid = useMemo(() => gridOf(figures.points), [figures]);
  const charts = useMemo(
    () => chartsOf({ figures, limits, names }, { fill }),
    [figures, fill, limits, names],
  );
  const waits = useMemo(() => waitMarks({ figures, limits, names }), [figures, limits, names]);
  if (isTable) return <HistoryTable grid={grid} charts={charts} />;
  return (
    <HistoryCharts
      charts={charts}
      grid={grid}
      range={figures.range}
      span={props.view.span}
      markers={figures.markers}
      waits={waits}
      onZoom={onZoom}
    />
  );
}
