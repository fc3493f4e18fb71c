import { axisOver } from "../display/axes.ts";
import { colourOf, INK } from "../display/colours.ts";
import type { Figure } from "../display/mod.ts";
import { stillHtml } from "../display/page/html.ts";
import { heading, headingHeight, MARGIN, picture, round, text, widthOf } from "../display/svg.ts";
import { numberText, tickText } from "../display/ticks.ts";

/** A difference with its interval, and the single differences behind it. */
export interface IntervalRow {
  name: string;
  mean: number;
  /** Ends of the interval; NaN where there is none. */
  low: number;
  high: number;
  /** One per seed. */
  values?: readonly number[];
}

/** Options of {@linkcode intervalFigure}. */
export interface IntervalOptions {
  alt: string;
  title?: string;
  /** Name of the axis. */
  x: string;
  /** What lies left and right of zero, in a word or two. */
  sides?: readonly [left: string, right: string];
  rows: readonly IntervalRow[];
  /** In pixels; 640 by default. */
  width?: number;
}

const ROW = 26;

/**
 * Draws differences as a forest plot: a row for each, its interval as a line, its mean as a dot, single values as small
 * rings, and zero as a line through all of them. What holds zero is grey. Throws a RangeError without rows.
 */
export function intervalFigure(options: IntervalOptions): Figure {
  const { alt, title, x, sides, rows, width = 640 } = options;
  if (rows.length === 0) throw new RangeError("Cannot draw intervals: there are none");
  const numbers = rows.flatMap(({ mean, low, high, values = [] }) => [mean, low, high, ...values]);
  const left = MARGIN + Math.max(...rows.map(({ name }) => widthOf(name))) + 12;
  const right = width - MARGIN, top = MARGIN + headingHeight(title) + (sides ? 18 : 0);
  const bottom = top + rows.length * ROW;
  const axis = axisOver([0, ...numbers.filter(Number.isFinite)], [left, right], { count: 6 });
  const zero = round(axis.at(0));
  const grid = axis.ticks.map((tick) => `M${round(axis.at(tick))},${round(top)}V${round(bottom)}`);
  const drawn = rows.map((row, i) => drawRow(row, top + (i + 0.5) * ROW, left, axis.at));
  const words = sides
    ? text(axis.at(0) - 8, top - 6, `← ${sides[0]}`, { anchor: "end", colour: INK.faint }) +
      text(axis.at(0) + 8, top - 6, `${sides[1]} →`, { colour: INK.faint })
    : "";
  const height = bottom + 50;
  const svg = picture(
    { width, height, alt },
    heading(title, width) + words +
      `<path d="${grid.join("")}" stroke="${INK.grid}"/>` +
      `<path d="M${zero},${round(top)}V${
        round(bottom)
      }" stroke="${INK.axis}" stroke-width="1.5"/>` +
      axis.ticks.map((tick) =>
        text(axis.at(tick), bottom + 18, tickText(tick), { anchor: "middle", colour: INK.faint })
      ).join("") +
      text((left + right) / 2, bottom + 38, x, { anchor: "middle" }) + drawn.join(""),
  );
  const figure = {
    alt,
    svg,
    size: { width, height },
    text: [title ?? x, ...rows.map(rowText)].join("\n"),
  };
  return { ...figure, html: stillHtml(figure) };
}

/** Whether an interval lies on one side of zero. */
export function excludesZero({ low, high }: Pick<IntervalRow, "low" | "high">): boolean {
  return low > 0 || high < 0;
}

function drawRow(
  row: IntervalRow,
  y: number,
  left: number,
  at: (value: number) => number,
): string {
  const { name, mean, low, high, values = [] } = row;
  const colour = excludesZero(row) ? colourOf(0, 2) : INK.faint;
  const line = Number.isFinite(low) && Number.isFinite(high)
    ? `<path d="M${round(at(low))},${round(y)}H${round(at(high))}M${round(at(low))},${
      round(y - 4)
    }v8M${round(at(high))},${round(y - 4)}v8" stroke="${colour}" stroke-width="2"/>`
    : "";
  const rings = values.map((value) =>
    `<circle cx="${round(at(value))}" cy="${
      round(y)
    }" r="3" fill="${INK.paper}" stroke="${colour}" stroke-opacity=".7"/>`
  );
  return text(left - 10, y + 4, name, { anchor: "end" }) + line + rings.join("") +
    `<circle cx="${round(at(mean))}" cy="${round(y)}" r="4.5" fill="${colour}"/>`;
}

function rowText({ name, mean, low, high }: IntervalRow): string {
  return `${name}: ${numberText(mean)} (${numberText(low)} to ${numberText(high)})`;
}
