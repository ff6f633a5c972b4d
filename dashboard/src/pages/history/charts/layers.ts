// Figures by agent, gate or type, as layers of a chart. Pure.

import { agentColorName, type ColorName, SERIES_COLORS } from "../../../chart/colors";
import { CALL_TYPES, type HistoryPoint, type HistorySeries, TYPE_NAME } from "../../../domain";
import type { By } from "../url-state";

/** How many agents have a layer of their own; the others share one. */
const MOST_LAYERS = 8;

export interface Layer {
  key: string;
  name: string;
  color: ColorName;
  /** One a point of the chart. */
  values: number[];
}

type Figure = (point: HistoryPoint) => number;

interface Told {
  by: By;
  figure: Figure;
  /** Those with the most of it have layers of their own. */
  rank: Figure;
  /** When the points of the chart begin. */
  ats: readonly number[];
  /** The names of agents, or of gates, by id. */
  names: ReadonlyMap<string, string>;
}

/** The layers, from the axis upwards. Agents without one of their own share one. */
export function layersOf(series: readonly HistorySeries[], told: Told): Layer[] {
  if (told.by === "type") return typeLayers(series, told);
  const largest = [...series].sort(
    (a, b) => sumOf(b, told) - sumOf(a, told) || (idOf(a) < idOf(b) ? -1 : 1),
  );
  const own = largest.slice(0, MOST_LAYERS);
  // By id, so that layers stay when two agents change places.
  own.sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const layers = own.map(
    (it): Layer => ({
      key: idOf(it),
      name: told.names.get(idOf(it)) ?? idOf(it),
      color: agentColorName(idOf(it)),
      values: valuesOf(it, told),
    }),
  );
  const others = largest.slice(MOST_LAYERS);
  return others.length === 0 ? distinct(layers) : [...distinct(layers), othersLayer(others, told)];
}

function typeLayers(series: readonly HistorySeries[], told: Told): Layer[] {
  return CALL_TYPES.flatMap((type, index) => {
    const found = series.find((it) => it.type === type);
    if (found === undefined) return [];
    const color = SERIES_COLORS[index] ?? "shared";
    return [{ key: type, name: TYPE_NAME[type], color, values: valuesOf(found, told) }];
  });
}

function othersLayer(others: readonly HistorySeries[], told: Told): Layer {
  const values = told.ats.map(() => 0);
  for (const other of others) {
    valuesOf(other, told).forEach((value, index) => {
      values[index] = (values[index] ?? 0) + value;
    });
  }
  // An id has no space, so this is none.
  return { key: "the others", name: `${others.length} others`, color: "shared", values };
}

/** Names that several agents share are followed by the ids. */
function distinct(layers: Layer[]): Layer[] {
  const uses = new Map<string, number>();
  for (const { name } of layers) uses.set(name, (uses.get(name) ?? 0) + 1);
  return layers.map((layer) =>
    uses.get(layer.name) === 1 ? layer : { ...layer, name: `${layer.name} (${layer.key})` },
  );
}

function valuesOf(series: HistorySeries, { ats, figure }: Told): number[] {
  const byTime = new Map(series.points.map((point) => [Date.parse(point.at), figure(point)]));
  return ats.map((at) => byTime.get(at) ?? 0);
}

function sumOf(series: HistorySeries, { rank }: Told): number {
  return series.points.reduce((sum, point) => sum + rank(point) * point.span_ms, 0);
}

function idOf(series: HistorySeries): string {
  return series.agent ?? series.gate ?? "";
}
