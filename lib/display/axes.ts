import { INK } from "./colours.ts";
import { escape, round, text, widthOf } from "./svg.ts";
import { bounds, linearTicks, logTicks, type Ticks, tickText } from "./ticks.ts";

/** One axis: which numbers it spans, and where they lie in pixels. */
export interface Axis {
  from: number;
  to: number;
  ticks: readonly number[];
  logarithmic: boolean;
  /** Pixel of a value. */
  at(value: number): number;
}

/** The rectangle that data is drawn in. */
export interface Plot {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: Axis;
  y: Axis;
}

/** What the axes are called. */
export interface AxisNames {
  x?: string | undefined;
  y?: string | undefined;
}

/** An axis over all values; its ends are the outermost values (`tight`) or the round numbers around them. */
export function axisOver(
  values: readonly number[],
  [start, end]: readonly [start: number, end: number],
  { count = 5, logarithmic = false, tight = false } = {},
): Axis {
  const found = bounds(values);
  const marks = logarithmic ? logTicks : linearTicks;
  const around = marks(found, count);
  const { from, to } = tight && found.least < found.most
    ? { from: found.least, to: found.most }
    : around;
  const room = 1e-9 * Math.abs(to - from);
  const within = ({ ticks }: Ticks) =>
    ticks.filter((tick) => tick >= from - room && tick <= to + room);
  // Between tight ends few ticks may be left; then they stand closer.
  const ticks = [count, count + 1, count + 2, 2 * count, 3 * count]
    .map((wanted) => within(marks(found, wanted)))
    .find((ticks) => ticks.length >= 3) ?? within(around);
  const measure = logarithmic ? Math.log10 : (value: number) => value;
  const low = measure(from), span = measure(to) - low;
  return {
    from,
    to,
    ticks,
    logarithmic,
    at: (value) => start + (measure(value) - low) / span * (end - start),
  };
}

/** Space to the left of a plot for the numbers and the name of its y axis. */
export function leftMargin(values: readonly number[], logarithmic = false): number {
  const { ticks } = (logarithmic ? logTicks : linearTicks)(bounds(values), 5);
  return 36 + Math.max(...ticks.map((tick) => widthOf(tickText(tick))));
}

/** Grid (across, and upright too where asked), ticks, numbers and names of both axes. */
export function drawAxes(plot: Plot, names: AxisNames, upright = false): string {
  const { left, right, top, bottom, x, y } = plot;
  const grid = y.ticks.map((tick) => `M${round(left)},${round(y.at(tick))}H${round(right)}`);
  if (upright) {
    grid.push(...x.ticks.map((tick) => `M${round(x.at(tick))},${round(top)}V${round(bottom)}`));
  }
  const marks = x.ticks.map((tick) => `M${round(x.at(tick))},${round(bottom)}v4`);
  const line = `M${round(left)},${round(bottom)}H${round(right)}`;
  return `<g data-axes=""><path d="${grid.join("")}" stroke="${INK.grid}"/>` +
    `<path d="${line}${marks.join("")}" stroke="${INK.axis}" fill="none"/>` +
    y.ticks.map((tick) =>
      text(left - 8, y.at(tick) + 4, tickText(tick), { anchor: "end", colour: INK.faint })
    ).join("") +
    x.ticks.map((tick) =>
      text(x.at(tick), bottom + 18, tickText(tick), { anchor: "middle", colour: INK.faint })
    ).join("") + "</g>" +
    (names.x ? text((left + right) / 2, bottom + 37, names.x, { anchor: "middle" }) : "") +
    (names.y ? text(18, (top + bottom) / 2, names.y, { anchor: "middle", turn: -90 }) : "");
}

/**
 * Data in the rectangle of a plot, cut off a little outside of it, and with what a page's script needs to read
 * values off it: both axes, their names, and whether the nearest x or the nearest point is looked up. `more` are attributes of its own.
 */
export function drawData(
  plot: Plot,
  names: AxisNames,
  hover: "x" | "point",
  content: string,
  more = "",
): string {
  const { left, right, top, bottom } = plot;
  const box = [left - ROOM, top - ROOM, right - left + 2 * ROOM, bottom - top + 2 * ROOM];
  const [x, y, width, height] = box.map(round);
  const axis = ({ from, to, logarithmic }: Axis) => `${from} ${to} ${logarithmic ? "log" : ""}`;
  return `<svg x="${x}" y="${y}" width="${width}" height="${height}" ` +
    `viewBox="${x} ${y} ${width} ${height}" data-plot="${
      [left, right, top, bottom].map(round).join(" ")
    }" data-x="${axis(plot.x)}" data-y="${axis(plot.y)}" data-hover="${hover}" data-names="${
      escape(`${names.x ?? "x"}|${names.y ?? "y"}`)
    }" ${more}><g>${content}</g></svg>`;
}

/** How far a line or a dot may reach out of its plot, in pixels. */
const ROOM = 5;
