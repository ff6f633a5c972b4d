// What the page under test asks uPlot to draw, without drawing it: jsdom has no canvas.

import type uPlot from "uplot";

export const plots: FakePlot[] = [];

/** Its horizontal positions are milliseconds after the first point. */
export class FakePlot {
  readonly series: unknown[];
  readonly over = { clientHeight: 100 };
  readonly cursor = { left: -10 };
  select = { left: 0, width: 0 };
  readonly options: uPlot.Options;
  data: uPlot.AlignedData;

  constructor(options: uPlot.Options, data: uPlot.AlignedData) {
    this.options = options;
    this.data = data;
    this.series = options.series;
    plots.push(this);
  }

  /** Draws over a part, as somebody does with a mouse. */
  drag(fromMs: number, toMs: number): void {
    this.select = { left: fromMs - this.first, width: toMs - fromMs };
    this.options.hooks?.setSelect?.[0]?.(this as unknown as uPlot);
  }

  private get first(): number {
    return this.data[0]?.[0] ?? 0;
  }

  posToVal(left: number): number {
    return this.first + left;
  }

  valToPos(value: number): number {
    return value - this.first;
  }

  setCursor({ left }: { left: number }): void {
    this.cursor.left = left;
  }

  setSelect(select: { left: number; width: number }): void {
    this.select = { left: select.left, width: select.width };
  }

  setData(data: uPlot.AlignedData): void {
    this.data = data;
  }

  setSize(): void {}
  redraw(): void {}

  destroy(): void {
    plots.splice(plots.indexOf(this), 1);
  }
}
