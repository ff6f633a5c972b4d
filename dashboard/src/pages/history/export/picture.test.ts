import { describe, expect, it, vi } from "vitest";
import type { Colors } from "../../../chart/colors";
import { drawPicture, type Part } from "./picture";

/** A context that remembers what was written where; a character is 10 px wide. */
function context() {
  const texts: [string, number, number][] = [];
  const dashes: number[][] = [];
  const ignore = () => {};
  const fake = {
    fillText: (text: string, x: number, y: number) => texts.push([text, x, y]),
    measureText: (text: string) => ({ width: text.length * 10 }),
    setLineDash: (pattern: number[]) => dashes.push(pattern),
    ...Object.fromEntries(
      ["beginPath", "moveTo", "lineTo", "stroke", "fillRect", "save", "restore", "translate"].map(
        (name) => [name, ignore],
      ),
    ),
  };
  return { texts, dashes, fake: fake as unknown as CanvasRenderingContext2D };
}

const LOOK = { colors: {} as Colors, fontFamily: "sans-serif" };

function part(names: string[], draw = vi.fn()): Part {
  const legend = names.map((name) => ({
    name,
    color: "series-1" as const,
    look: "line" as const,
    dash: "dots" as const,
  }));
  return { title: "Waits", hint: "How long.", legend, height: 100, draw };
}

describe("a picture", () => {
  it("has its title, its span, and each chart with its hint and its legend", () => {
    const { texts, dashes, fake } = context();
    const draw = vi.fn();
    const picture = { title: "History of acme", span: "24 Nov", width: 500 };
    drawPicture(fake, { ...picture, parts: [part(["p50", "p95"], draw)] }, LOOK);
    expect(texts.map(([text]) => text)).toEqual([
      "History of acme",
      "24 Nov",
      "Waits",
      "How long.",
      "p50",
      "p95",
    ]);
    expect(dashes[0]?.length).toBeGreaterThan(0);
    expect(draw).toHaveBeenCalledOnce();
  });

  it("breaks legends and hints where they would leave it", () => {
    const { texts, fake } = context();
    const long = { ...part(["a".repeat(20), "b".repeat(20)]), hint: "two words ".repeat(4).trim() };
    drawPicture(fake, { title: "", span: "", width: 300, parts: [long] }, LOOK);
    const yOf = (text: string) => texts.find(([it]) => it.startsWith(text))?.[2] ?? 0;
    expect(yOf("b")).toBeGreaterThan(yOf("a"));
    expect(texts.filter(([text]) => text.startsWith("two")).length).toBe(2);
  });

  it("is as high as what it has", () => {
    const heightOf = (parts: Part[]) =>
      drawPicture(context().fake, { title: "", span: "", width: 500, parts }, LOOK);
    expect(heightOf([part([]), part([])]) - heightOf([part([])])).toBeGreaterThan(100);
  });
});
