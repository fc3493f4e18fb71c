import { axisOver, drawAxes, leftMargin, type Plot } from "./axes.ts";
import { underneath } from "./bar_names.ts";
import { barText } from "./bar_text.ts";
import { colourOf, INK } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { layOutLegend } from "./legend.ts";
import { livelyHtml } from "./page/html.ts";
import { escape, heading, headingHeight, MARGIN, picture, round, text, widthOf } from "./svg.ts";
import { numberText } from "./ticks.ts";

/** One bar, with its uncertainty where it is known. */
export interface Bar {
  name: string;
  /** NaN where it is not known: the name then stands without a bar. */
  value: number;
  /** Ends of the error bar. */
  low?: number;
  high?: number;
  /** Bars of one name stand side by side, one per group. */
  group?: string;
}

/** Options of {@linkcode barFigure}. */
export interface BarFigureOptions {
  alt: string;
  title?: string;
  /** Names of the axes. */
  x?: string;
  y: string;
  bars: readonly Bar[];
  /** In pixels; as wide as the bars need by default, and 300 high. */
  width?: number;
  height?: number;
}

/**
 * Draws bars from zero with their values, error bars and groups. In a notebook hovering tells the exact values.
 *
 * Throws a RangeError without bars, or when an error bar does not enclose its value.
 */
export function barFigure(options: BarFigureOptions): Figure {
  const { alt, title, x, y, bars } = options;
  bars.forEach(check);
  const known = bars.filter(({ value }) => Number.isFinite(value));
  if (known.length === 0) throw new RangeError("Cannot draw a chart without a bar of finite value");
  const names = [...new Set(bars.map(({ name }) => name))];
  const groups = [...new Set(bars.map(({ group = "" }) => group))];
  const values = [
    0,
    ...known.flatMap(({ value, low = value, high = value }) => [value, low, high]),
  ];

  const left = leftMargin(values);
  const asked = Math.max(28, ...known.map((bar) => widthOf(label(bar), 11) + 6));
  const widestName = Math.min(110, Math.max(...names.map((name) => widthOf(name) + 12)));
  const needed = names.length * Math.max(widestName, groups.length * asked + 18);
  const { width = Math.min(760, Math.max(340, left + MARGIN + needed)), height = 300 } = options;
  const right = width - MARGIN, slot = (right - left) / names.length;
  const wide = Math.min(64, slot * 0.8 / groups.length);
  const under = underneath(names, slot);
  // Values of bars below zero stand under them.
  const below = known.some(({ value }) => value < 0) ? 16 : 0;
  const bottom = height - 16 - below - under.height - (x ? 22 : 0);
  const entries = groups.map((name, i) => ({
    name,
    colour: colourOf(i, groups.length),
    mark: "box" as const,
  }));
  const legend = layOutLegend(entries, { left, right, top: MARGIN - 4 + headingHeight(title) });
  const top = MARGIN + headingHeight(title) + legend.height + 8;
  const plot: Plot = {
    left,
    right,
    top,
    bottom,
    x: { ...axisOver([0, names.length], [left, right], { tight: true }), ticks: [] },
    y: axisOver(values, [bottom, top]),
  };
  const drawn = bars.map((bar) => {
    const group = groups.indexOf(bar.group ?? "");
    const middle = left + (names.indexOf(bar.name) + 0.5) * slot +
      (group - (groups.length - 1) / 2) * wide;
    return drawBar(bar, { middle, wide, colour: entries[group]!.colour, plot });
  });
  const svg = picture(
    { width, height, alt },
    heading(title, width) + legend.svg + drawAxes(plot, { y }) + drawn.join("") +
      `<path d="M${round(left)},${round(plot.y.at(0))}H${round(right)}" stroke="${INK.axis}"/>` +
      names.map((_, i) => under.draw(i, left + (i + 0.5) * slot, bottom + 17 + below)).join("") +
      (x ? text((left + right) / 2, height - 12, x, { anchor: "middle" }) : ""),
  );
  const figure = {
    alt,
    svg,
    size: { width, height },
    text: [title ?? y, ...bars.map((bar) => `${fullName(bar)}: ${full(bar)}`)].join("\n"),
  };
  return {
    ...figure,
    html: livelyHtml(figure),
    terminal: (screen) =>
      barText({
        title: title ?? y,
        bars: bars.map((bar) => ({
          name: fullName(bar),
          words: full(bar),
          value: bar.value,
          colour: entries[groups.indexOf(bar.group ?? "")]!.colour,
        })),
      }, screen),
  };
}

function drawBar(
  bar: Bar,
  { middle, wide, colour, plot }: { middle: number; wide: number; colour: string; plot: Plot },
): string {
  const { value, low = value, high = value, group } = bar;
  const start = `<g data-tip="${escape(`${fullName(bar)}|${full(bar)}`)}" data-name="${
    escape(group ?? "")
  }">`;
  const zero = plot.y.at(0);
  if (!Number.isFinite(value)) {
    return start + text(middle, zero - 6, "–", { anchor: "middle", colour: INK.faint }) + "</g>";
  }
  const end = plot.y.at(value), from = plot.y.at(low), to = plot.y.at(high);
  const room = widthOf(label(bar), 11) <= wide + 8;
  return start +
    `<rect x="${round(middle - wide / 2 + 1.5)}" y="${round(Math.min(zero, end))}" width="${
      round(wide - 3)
    }" height="${round(Math.abs(zero - end))}" fill="${colour}"/>` +
    (from === to ? "" : errorBar(middle, from, to, Math.min(5, wide / 4))) +
    (room
      ? text(middle, value < 0 ? from + 14 : to - 5, label(bar), {
        anchor: "middle",
        size: 11,
      })
      : "") +
    "</g>";
}

/** A line between the ends with a cap on each, edged with paper so that it is seen on the bar too. */
function errorBar(middle: number, from: number, to: number, cap: number): string {
  const end = (y: number) => `M${round(middle - cap)},${round(y)}h${round(2 * cap)}`;
  const path = `d="M${round(middle)},${round(from)}V${round(to)}${end(from)}${
    end(to)
  }" fill="none"`;
  return `<path ${path} stroke="${INK.paper}" stroke-width="4"/>` +
    `<path ${path} stroke="${INK.text}" stroke-width="1.5"/>`;
}

function check({ name, value, low = value, high = value }: Bar): void {
  if (!Number.isFinite(value) || (low <= value && value <= high)) return;
  throw new RangeError(
    `Cannot draw the bar "${name}": its value ${value} is not between low ${low} and high ${high}`,
  );
}

function label({ value }: Bar): string {
  return numberText(Number(value.toPrecision(3)));
}

function full({ value, low, high }: Bar): string {
  if (!Number.isFinite(value)) return "not known";
  const range = low === undefined && high === undefined
    ? ""
    : ` (${numberText(low ?? value)} to ${numberText(high ?? value)})`;
  return numberText(value) + range;
}

function fullName({ name, group }: Bar): string {
  return group ? `${name}, ${group}` : name;
}
