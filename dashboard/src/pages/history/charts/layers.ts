// Active calls by agent or type, as layers of a chart. Pure.

import { agentColorName, type ColorName, SERIES_COLORS } from "../../../chart/colors";
import { CALL_TYPES, type HistoryPoint, type HistorySeries, TYPE_NAME } from "../../../domain";
import type { By, Fill } from "../url-state";

/** How many agents have a layer of their own; the others share one. */
const MOST_LAYERS = 7;

export interface Layer {
  key: string;
  name: string;
  color: ColorName;
  /** One a point of the chart. */
  values: number[];
}

interface Told {
  by: By;
  fill: Fill;
  /** When the points of the chart begin. */
  ats: readonly number[];
  /** The names of agents, by id. */
  names: ReadonlyMap<string, string>;
}

/** The layers, from the axis upwards. Those with the most active calls come first into a layer of their own. */
export function layersOf(series: readonly HistorySeries[], told: Told): Layer[] {
  if (told.by === "type") return typeLayers(series, told);
  const largest = [...series].sort(
    (a, b) => callTime(b) - callTime(a) || (idOf(a) < idOf(b) ? -1 : 1),
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

function valuesOf(series: HistorySeries, { ats, fill }: Told): number[] {
  const figure = (point: HistoryPoint) => (fill === "mean" ? point.mean_active : point.peak_active);
  const byTime = new Map(series.points.map((point) => [Date.parse(point.at), figure(point)]));
  return ats.map((at) => byTime.get(at) ?? 0);
}

function callTime(series: HistorySeries): number {
  return series.points.reduce((sum, point) => sum + point.mean_active * point.span_ms, 0);
}

function idOf(series: HistorySeries): string {
  return series.agent ?? "";
}
