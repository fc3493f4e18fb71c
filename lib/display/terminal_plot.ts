import type { Plot } from "./axes.ts";
import type { Screen } from "./figure.ts";
import { numberText, tickText } from "./ticks.ts";

/** What is plotted, in the pixels of a page: a terminal's dots are coarser pixels. */
export interface PlottedSeries {
  name: string;
  colour: string;
  points: readonly (readonly [x: number, y: number])[];
  /** Points are not joined. */
  scattered?: boolean;
}

/** Lines of text and dots: a chart as a terminal shows it. */
export function plotText(
  { title, x, y, series, plot }: {
    title?: string | undefined;
    x?: string | undefined;
    y?: string | undefined;
    series: readonly PlottedSeries[];
    plot: Plot;
  },
  screen: Screen,
): string {
  const labels = plot.y.ticks.map((value) => tickText(value));
  const margin = Math.max(...labels.map((label) => label.length)) + 1;
  const columns = Math.max(10, Math.min(screen.columns, 90) - margin - 2), rows = 14;
  const canvas = createDots(columns, rows);
  for (const one of series) draw(canvas, one, plot);

  const named = new Map<number, string>();
  plot.y.ticks.forEach((value, i) => {
    const row = Math.round(
      (plot.bottom - plot.y.at(value)) / (plot.bottom - plot.top) * (rows - 1),
    );
    named.set(rows - 1 - row, labels[i]!);
  });
  const lines = Array.from({ length: rows }, (_, row) => {
    const label = named.get(row);
    return `${(label ?? "").padStart(margin)}${label ? "┤" : "│"}${
      canvas.row(row, screen.colours)
    }`;
  });
  const from = tickText(plot.x.from), to = tickText(plot.x.to);
  const middle = Math.max(1, columns - from.length - to.length);
  return [
    ...(title ? [title] : []),
    ...(y ? [`${" ".repeat(margin)}${y}`] : []),
    ...lines,
    `${" ".repeat(margin)}└${"─".repeat(columns)}`,
    `${" ".repeat(margin + 1)}${from}${centred(x ?? "", middle)}${to}`,
    ...legend(series, screen),
  ].map((line) => line.trimEnd()).join("\n");
}

function legend(series: readonly PlottedSeries[], { columns, colours }: Screen): string[] {
  const seen = new Set<string>();
  return series.filter(({ name }) => !seen.has(name) && seen.add(name)).map((one) => {
    const last = one.points.findLast(([, y]) => Number.isFinite(y));
    const value = one.scattered || !last ? "" : `, ${numberText(last[1])} at the end`;
    const words = `${one.name}${value}`.slice(0, columns - 6);
    return `  ${painted("•", colours ? one.colour : undefined)} ${words}`;
  });
}

/** Lines from point to point, or the points alone, as dots. */
function draw(canvas: Dots, { points, colour, scattered }: PlottedSeries, plot: Plot): void {
  const { left, right, top, bottom } = plot;
  const place = ([x, y]: readonly [number, number]) =>
    [
      (plot.x.at(x) - left) / (right - left) * (canvas.width - 1),
      (plot.y.at(y) - top) / (bottom - top) * (canvas.height - 1),
    ] as const;
  points.forEach((point, i) => {
    const before = points[i - 1], [x, y] = place(point);
    if (!Number.isFinite(y)) return;
    const [fromX, fromY] = before && !scattered && Number.isFinite(before[1])
      ? place(before)
      : [x, y];
    const steps = Math.min(2000, Math.ceil(Math.max(Math.abs(x - fromX), Math.abs(y - fromY), 1)));
    for (let step = 0; step <= steps; step++) {
      const share = step / steps;
      canvas.set(fromX + (x - fromX) * share, fromY + (y - fromY) * share, colour);
    }
  });
}

interface Dots {
  /** In dots. */
  width: number;
  height: number;
  set(x: number, y: number, colour: string): void;
  row(row: number, colours: boolean): string;
}

/** A field of dots, two across and four down in each character (Braille patterns of Unicode). */
function createDots(columns: number, rows: number): Dots {
  const bits = new Uint8Array(columns * rows), colours = new Array<string>(columns * rows);
  const width = columns * 2, height = rows * 4;
  return {
    width,
    height,
    set(x, y, colour) {
      const [i, j] = [Math.round(y), Math.round(x)];
      if (i < 0 || i >= height || j < 0 || j >= width) return;
      const cell = (i >> 2) * columns + (j >> 1);
      bits[cell]! |= DOTS[i & 3]![j & 1]!;
      colours[cell] = colour;
    },
    row(row, coloured) {
      let line = "";
      for (let cell = row * columns; cell < (row + 1) * columns; cell++) {
        const character = bits[cell] ? String.fromCodePoint(0x2800 + bits[cell]!) : " ";
        line += bits[cell] && coloured ? painted(character, colours[cell]) : character;
      }
      return line;
    },
  };
}

const DOTS = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]] as const;

/** Text in a colour `#rrggbb`, for terminals with 24-bit colours. */
export function painted(text: string, colour: string | undefined): string {
  if (!colour) return text;
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  return `\x1b[38;2;${red};${green};${blue}m${text}\x1b[39m`;
}

function centred(text: string, width: number): string {
  const room = Math.max(0, width - text.length);
  const left = Math.floor(room / 2);
  return " ".repeat(left) + text.slice(0, width) + " ".repeat(room - left);
}
