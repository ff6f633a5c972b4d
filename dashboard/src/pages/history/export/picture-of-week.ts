// The picture of the heat maps of the week.

import type { ColorName } from "../../../chart/colors";
import type { HeatMapTold } from "../week/heat-maps";
import { DAYS, type HourOfWeek } from "../week/hours-of-week";
import type { Part, Picture } from "./picture";

const WIDTH = 1000;
const DAY_PX = 40;
const ROW_PX = 26;
const MOST_COLOR = 0.45;

type Paint = (name: ColorName) => string;

/** Maps one below the other, a row a day. */
export function pictureOfWeek(
  maps: readonly HeatMapTold[],
  hours: readonly HourOfWeek[],
  span: string,
  paint: Paint,
): Omit<Picture, "title"> {
  const parts = maps.map(
    (map): Part => ({
      title: map.title,
      hint: `${map.hint} From ${map.scale.least} to ${map.scale.most}.`,
      legend: [],
      height: (DAYS.length + 1) * ROW_PX,
      draw: (context, width) => drawMap(context, map, { hours, width, paint }),
    }),
  );
  return { span, width: WIDTH, parts };
}

function drawMap(
  context: CanvasRenderingContext2D,
  { cellOf }: HeatMapTold,
  { hours, width, paint }: { hours: readonly HourOfWeek[]; width: number; paint: Paint },
): void {
  const column = (width - DAY_PX) / 24;
  context.font = context.font.replace(/\d+px/, "12px");
  const text = (words: string, x: number, y: number, color: ColorName) => {
    context.fillStyle = paint(color);
    context.fillText(words, x, y);
  };
  context.textAlign = "left";
  for (const [row, day] of DAYS.entries()) text(day, 0, (row + 1.5) * ROW_PX, "muted");
  context.textAlign = "center";
  for (let hour = 0; hour < 24; hour += 1) {
    text(String(hour).padStart(2, "0"), DAY_PX + (hour + 0.5) * column, ROW_PX / 2, "muted");
  }
  for (const hour of hours) {
    const cell = cellOf(hour);
    const [x, y] = [DAY_PX + hour.hour * column, (hour.day + 1) * ROW_PX];
    context.fillStyle = paint("sunken");
    context.fillRect(x, y, column - 1, ROW_PX - 1);
    context.globalAlpha = cell.level * MOST_COLOR;
    context.fillStyle = paint("accent");
    context.fillRect(x, y, column - 1, ROW_PX - 1);
    context.globalAlpha = 1;
    text(cell.text, x + column / 2, y + ROW_PX / 2, "text");
  }
  context.textAlign = "left";
}
