// Charts as one picture: a head, and each chart under its title and legend. What it draws with is given, so that it draws
// anywhere.

import type { ColorName, Colors } from "../../../chart/colors";
import { type LegendItem, legendPattern } from "../../../chart/legend";

/** What stands in a picture, one below the other. */
export interface Part {
  title: string;
  hint?: string | undefined;
  legend: readonly Pick<LegendItem, "name" | "color" | "look" | "dash">[];
  height: number;
  /** Draws it with its upper left corner at the origin. */
  draw: (context: CanvasRenderingContext2D, width: number) => void;
}

export interface Picture {
  /** "History of default" */
  title: string;
  /** From when to when, and in which zone. */
  span: string;
  width: number;
  parts: readonly Part[];
}

const MARGIN = 24;
const LINE = 20;
const SWATCH = { line: 26, area: 14, height: 10 };
const GAP = 6;
const BETWEEN_ITEMS = 16;

/** Draws it, and returns how high it is. Without colours it only measures. */
export function drawPicture(
  context: CanvasRenderingContext2D,
  picture: Picture,
  look: { colors: Colors; fontFamily: string },
): number {
  const { colors, fontFamily } = look;
  const text = (words: string, y: number, color: ColorName, font: string) => {
    context.font = `${font} ${fontFamily}`;
    context.fillStyle = colors[color];
    context.fillText(words, MARGIN, y);
  };
  context.textBaseline = "middle";
  let y = MARGIN + LINE / 2;
  text(picture.title, y, "text", "600 18px");
  y += LINE * 1.2;
  text(picture.span, y, "muted", "13px");
  y += LINE;
  for (const part of picture.parts) {
    y += LINE;
    text(part.title, y, "text", "600 14px");
    y += LINE;
    if (part.hint !== undefined) {
      for (const line of wrapped(context, part.hint, picture.width, `12px ${fontFamily}`)) {
        text(line, y, "muted", "12px");
        y += LINE * 0.8;
      }
      y += LINE * 0.2;
    }
    y = drawLegend(context, part.legend, { y, width: picture.width, ...look });
    context.save();
    context.translate(MARGIN, y);
    part.draw(context, picture.width);
    context.restore();
    y += part.height;
  }
  return y + MARGIN;
}

/** Words in lines of at most that width. */
function wrapped(
  context: CanvasRenderingContext2D,
  words: string,
  width: number,
  font: string,
): string[] {
  context.font = font;
  const lines: string[] = [];
  for (const word of words.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && context.measureText(longer).width <= width) {
      lines[lines.length - 1] = longer;
    } else lines.push(word);
  }
  return lines;
}

/** Draws a legend in as many lines as it needs, and returns where it ends. */
function drawLegend(
  context: CanvasRenderingContext2D,
  items: Part["legend"],
  at: { y: number; width: number; colors: Colors; fontFamily: string },
): number {
  let [x, y] = [0, at.y];
  context.font = `13px ${at.fontFamily}`;
  for (const item of items) {
    const isLine = item.look === "line" || item.look === "dashed";
    const swatch = isLine ? SWATCH.line : SWATCH.area;
    const width = swatch + GAP + context.measureText(item.name).width;
    if (x > 0 && x + width > at.width) [x, y] = [0, y + LINE];
    const left = MARGIN + x;
    if (isLine) {
      context.strokeStyle = at.colors[item.color];
      context.lineWidth = 2;
      context.setLineDash([...legendPattern(item)]);
      context.beginPath();
      context.moveTo(left, y);
      context.lineTo(left + swatch, y);
      context.stroke();
      context.setLineDash([]);
    } else {
      context.fillStyle = at.colors[item.color];
      context.fillRect(left, y - SWATCH.height / 2, swatch - 4, SWATCH.height);
    }
    context.fillStyle = at.colors.text;
    context.fillText(item.name, left + swatch + GAP, y);
    x += width + BETWEEN_ITEMS;
  }
  return items.length === 0 ? y : y + LINE;
}

/** How wide and high the canvas of a picture is. */
export function sizeOf(picture: Picture, height: number): { width: number; height: number } {
  return { width: picture.width + 2 * MARGIN, height: Math.ceil(height) };
}
