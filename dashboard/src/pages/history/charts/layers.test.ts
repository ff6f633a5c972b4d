import { describe, expect, it } from "vitest";
import { agentColorName } from "../../../chart/colors";
import type { HistoryPoint, HistorySeries } from "../../../domain";
import { point } from "../markers.fixture";
import { layersOf } from "./layers";

const ATS = [0, 60_000];

function agent(id: string, mean: number, peak = mean): HistorySeries {
  return {
    agent: id,
    points: ATS.map((at) => point(at, { mean_active: mean, peak_active: peak })),
  };
}

const mean = (point: HistoryPoint) => point.mean_active;

function layers(series: HistorySeries[], more: Partial<Parameters<typeof layersOf>[1]> = {}) {
  const told = { by: "agent", figure: mean, rank: mean, ats: ATS, names: new Map() } as const;
  return layersOf(series, { ...told, ...more });
}

describe("active calls by agent", () => {
  it("have a layer for each of the eight largest, and one for the others", () => {
    const series = Array.from({ length: 10 }, (_, index) => agent(`a${index}`, index + 1));
    const found = layers(series);
    expect(found.map(({ key }) => key)).toEqual([
      "a2",
      "a3",
      "a4",
      "a5",
      "a6",
      "a7",
      "a8",
      "a9",
      "the others",
    ]);
    expect(found.at(-1)).toMatchObject({ name: "2 others", color: "shared", values: [3, 3] });
  });

  it("lose nothing: layers add up to all", () => {
    const series = Array.from({ length: 23 }, (_, index) => agent(`a${index}`, index));
    const sum = layers(series).reduce((total, { values }) => total + (values[0] ?? 0), 0);
    expect(sum).toBe((22 * 23) / 2);
  });

  it("have no layer of others when there are none", () => {
    const series = Array.from({ length: 8 }, (_, index) => agent(`a${index}`, index));
    expect(layers(series)).toHaveLength(8);
  });

  it("have the colours that their agents have everywhere, whichever agent else is shown", () => {
    const alone = layers([agent("support", 1)])[0]?.color;
    expect(alone).toBe(agentColorName("support"));
    const among = layers([agent("booking", 3), agent("support", 1), agent("sales", 2)]);
    expect(among.find(({ key }) => key === "support")?.color).toBe(alone);
  });

  it("are named, and told apart by their ids where names are the same", () => {
    const names = new Map([
      ["a", "Desk"],
      ["b", "Desk"],
      ["c", "Sales"],
    ]);
    const found = layers([agent("a", 3), agent("b", 2), agent("c", 1), agent("gone", 1)], {
      names,
    });
    expect(found.map(({ name }) => name)).toEqual(["Desk (a)", "Desk (b)", "Sales", "gone"]);
  });

  it("are means or peaks", () => {
    expect(layers([agent("a", 1, 4)])[0]?.values).toEqual([1, 1]);
    expect(layers([agent("a", 1, 4)], { figure: (point) => point.peak_active })[0]?.values).toEqual(
      [4, 4],
    );
  });

  it("stand at the points of the chart, with nothing where an agent has none", () => {
    const late = { agent: "a", points: [point(60_000, { mean_active: 5 }), point(120_000)] };
    expect(layers([late])[0]?.values).toEqual([0, 5]);
  });
});

it("active calls by type have a layer a type, in the order of the types, with its own colour", () => {
  const series: HistorySeries[] = [
    { type: "inbound", points: [point(0, { mean_active: 2 })] },
    { type: "chat", points: [point(0, { mean_active: 1 })] },
  ];
  expect(layers(series, { by: "type" })).toEqual([
    { key: "chat", name: "Chat", color: "series-2", values: [1, 0] },
    { key: "inbound", name: "Inbound", color: "series-4", values: [2, 0] },
  ]);
});

it("gates have layers as agents have, by their own names", () => {
  const points = ATS.map((at) => point(at, { mean_active: 2 }));
  const series: HistorySeries[] = [{ gate: "spring", points }];
  const names = new Map([["spring", "Spring"]]);
  expect(layers(series, { by: "gate", names })).toMatchObject([{ key: "spring", name: "Spring" }]);
});
