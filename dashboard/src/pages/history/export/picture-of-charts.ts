// The picture of the charts, from what they have drawn.

import { zoneName } from "../../../time-zone";
import type { Chart } from "../charts/chart";
import { legendOf } from "../charts/chart-text";
import type { Range } from "../span/span";
import { longFromTo } from "../span/times";
import type { Part, Picture } from "./picture";

/** `within` has the canvases of the charts, in their order. */
export function pictureOf(
  charts: readonly Chart[],
  range: Range,
  within: HTMLElement,
): Omit<Picture, "title"> {
  const canvases = [...within.querySelectorAll("canvas")];
  const width = Math.max(1, ...canvases.map((canvas) => canvas.clientWidth));
  const parts = charts.flatMap((chart, index): Part[] => {
    const canvas = canvases[index];
    if (canvas === undefined) return [];
    const height = canvas.clientHeight;
    return [
      {
        title: chart.title,
        hint: chart.hint,
        legend: legendOf(chart, { ats: [], endMs: 0 }, 0),
        height,
        draw: (context) => context.drawImage(canvas, 0, 0, canvas.clientWidth, height),
      },
    ];
  });
  const span = `${longFromTo(range.fromMs, range.toMs)} (${zoneName()})`;
  return { span, width, parts };
}
