import { axisOver, drawAxes, drawData, leftMargin, type Plot } from "./axes.ts";
import { colourOf } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { layOutLegend } from "./legend.ts";
import { livelyHtml } from "./page/html.ts";
import { bandPath, dotsPath, linePath } from "./line_paths.ts";
import { escape, heading, headingHeight, MARGIN, picture, round } from "./svg.ts";
import { plotText } from "./terminal_plot.ts";
import { thin } from "./thin.ts";
import { bounds, numberText } from "./ticks.ts";

/** A line: points from left to right; gaps where y is not finite. */
export interface LineSeries {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** What lies between a low and a high value, drawn lightly behind the line. */
  band?: readonly (readonly [x: number, low: number, high: number])[];
  /** A thin line behind the others, for raw numbers whose mean is another series. */
  faint?: boolean;
  /** Draws dots too, for few points. */
  dots?: boolean;
}

/** Options of {@linkcode lineFigure}. */
export interface LineFigureOptions {
  /** What somebody hears who cannot see it: one sentence with what the lines do. */
  alt: string;
  title?: string;
  /** Names of the axes. */
  x: string;
  y: string;
  series: readonly LineSeries[];
  /** Logarithmic y axis; needs positive values, others are left out. */
  logarithmic?: boolean;
  /** Series are steps of one quantity, so their colours are a ramp instead of distinct ones. */
  ordered?: boolean;
  /** In pixels: 640 × 320 by default. */
  width?: number;
  height?: number;
}

/** More points than this cannot be seen on the page. */
const MOST_POINTS = 600;

/**
 * Draws lines over a pair of axes. In a notebook values can be read off by hovering, a click on a name hides its
 * line, dragging zooms in and a double click zooms out.
 *
 * Throws a RangeError when there is no point to draw or a band has its low above its high.
 */
export function lineFigure(options: LineFigureOptions): Figure {
  const { alt, title, logarithmic = false, ordered = false, width = 640, height = 320 } = options;
  const series = options.series.map((one, i) => ({
    ...one,
    points: thin(usablePoints(one, logarithmic), MOST_POINTS),
    band: usableBand(one),
    colour: colourOf(i, options.series.length, ordered),
  }));
  const shown = series.flatMap(({ points }) => points.filter(([, y]) => Number.isFinite(y)));
  if (shown.length === 0) {
    throw new RangeError(
      "Cannot draw a chart without points: " +
        (logarithmic
          ? "a logarithmic axis shows only finite values above 0"
          : "no series has a finite value"),
    );
  }
  const bands = series.flatMap(({ band }) => band);
  const xs = [...shown.map(([x]) => x), ...bands.map(([x]) => x)];
  const ys = [...shown.map(([, y]) => y), ...bands.flatMap(([, low, high]) => [low, high])]
    .filter((y) => !logarithmic || y > 0);

  const left = leftMargin(ys, logarithmic), right = width - MARGIN, bottom = height - 50;
  const legend = layOutLegend(
    series.map(({ name, colour, faint }) => ({ name, colour, mark: faint ? "faint" : "line" })),
    { left, right, top: MARGIN - 4 + headingHeight(title) },
  );
  const top = MARGIN + headingHeight(title) + legend.height;
  const plot: Plot = {
    left,
    right,
    top,
    bottom,
    x: axisOver(xs, [left, right], { count: Math.max(2, Math.round(width / 110)), tight: true }),
    y: axisOver(ys, [bottom, top], { logarithmic, count: height < 240 ? 3 : 5 }),
  };
  const at = (x: number, y: number) => `${round(plot.x.at(x))},${round(plot.y.at(y))}`;
  const drawn = [
    ...series.filter(({ band }) => band.length > 0).map(({ name, band, colour }) =>
      `<g data-name="${escape(name)}"><path data-part="band" d="${
        bandPath(band, at, plot.y.from)
      }" fill="${colour}" fill-opacity=".2"/></g>`
    ),
    ...series.map(({ name, points, faint, dots, colour }) =>
      `<g data-name="${escape(name)}" stroke="${colour}" fill="none" stroke-linejoin="round">` +
      `<path data-part="line" d="${linePath(points, at)}" ` +
      (faint ? `stroke-width="1" stroke-opacity=".45"/>` : `stroke-width="2"/>`) +
      (dots ? `<path d="${dotsPath(points, at)}" stroke-width="6" stroke-linecap="round"/>` : "") +
      "</g>"
    ),
  ];
  const svg = picture(
    { width, height, alt },
    heading(title, width) + legend.svg + drawAxes(plot, options) +
      drawData(plot, options, "x", drawn.join("")),
  );
  const figure = { alt, svg, size: { width, height }, text: summary(options) };
  return {
    ...figure,
    html: livelyHtml(figure),
    terminal: (screen) => plotText({ ...options, series, plot }, screen),
  };
}

/** Points whose y cannot be shown become gaps; those without a place in x are left out. */
function usablePoints({ points }: LineSeries, logarithmic: boolean): [number, number][] {
  return points.filter(([x]) => Number.isFinite(x)).map(([x, y]) => [
    x,
    Number.isFinite(y) && (!logarithmic || y > 0) ? y : NaN,
  ]);
}

function usableBand({ name, band = [] }: LineSeries): (readonly [number, number, number])[] {
  for (const [x, low, high] of band) {
    if (low > high) {
      throw new RangeError(
        `Cannot draw the band of "${name}": at ${x} its low ${low} is above its high ${high}; ` +
          `a band is a list of [x, low, high]`,
      );
    }
  }
  return band.filter((edge) => edge.every(Number.isFinite));
}

/** Where each line starts, goes and ends. */
function summary({ title, x, y, series }: LineFigureOptions): string {
  const lines = series.map(({ name, points }) => {
    const good = points.filter((point) => point.every(Number.isFinite));
    if (good.length === 0) return `${name}: nothing to show`;
    const { least, most } = bounds(good.map(([, value]) => value));
    const [first, last] = [good[0]!, good.at(-1)!];
    return `${name}: ${numberText(first[1])} at ${x} ${numberText(first[0])}, ${
      numberText(last[1])
    } at ${numberText(last[0])}; from ${numberText(least)} to ${numberText(most)}`;
  });
  return [`${title ?? y}`, ...lines].join("\n");
}
