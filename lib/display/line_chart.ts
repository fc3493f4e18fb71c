import { bounds, linearTicks, logTicks, tickText } from "./ticks.ts";

/** A line: points from left to right; gaps where y is not finite. */
export interface ChartSeries {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
  /** A thin line behind the others, for raw numbers whose mean is another series. */
  faint?: boolean;
  /** Draws dots too, for few points. */
  dots?: boolean;
}

/** What a chart shows. */
export interface LineChartOptions {
  /** What somebody hears who cannot see it: one sentence with what the lines do. */
  alt: string;
  x: string;
  y: string;
  series: readonly ChartSeries[];
  /** Logarithmic y axis; needs positive values, others are left out. */
  logarithmic?: boolean;
  /** Series are steps of one quantity, so their colours are a ramp instead of distinct ones. */
  ordered?: boolean;
  width?: number;
  height?: number;
}

/** Told apart by people with any kind of colour vision, on white and on black (after Okabe & Ito 2008). */
const DISTINCT = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9"];
const DISTINCT_DARK = ["#56b4e9", "#f58a3c", "#2fc59a", "#e7a5c9", "#f0e442", "#9ad4f5"];
/** From near noise to near data: one ramp of rising lightness, seen as such without colour too. */
const RAMP = [
  "#1b2a5e",
  "#2c4f8f",
  "#2f78a4",
  "#2f9c95",
  "#57b275",
  "#9aaf3b",
  "#c98f1b",
  "#d0602a",
];
const RAMP_DARK = [
  "#7f8fdc",
  "#6aa3e0",
  "#55b9d6",
  "#4fc9b5",
  "#77d68c",
  "#bcd35a",
  "#edb745",
  "#f58a5b",
];

const LEFT = 56, RIGHT = 16, TOP = 12, BOTTOM = 44, LEGEND_ROW = 20, MOST_POINTS = 600;

/**
 * Draws lines over a pair of axes as a static SVG that can stand in a page or a file by itself. Text takes the
 * colour of what surrounds it; line colours follow the reader's light or dark setting.
 */
export function lineChart(options: LineChartOptions): string {
  const { alt, series, logarithmic = false, width = 640, height = 320 } = options;
  const usable = ([x, y]: readonly [number, number]) =>
    Number.isFinite(x) && Number.isFinite(y) && (!logarithmic || y > 0);
  const all = series.flatMap(({ points }) => points.filter(usable));
  if (all.length === 0) throw new RangeError("Cannot draw a chart without points");

  const legend = layOutLegend(series, width);
  const bottom = height - BOTTOM, top = TOP + legend.rows * LEGEND_ROW;
  const xTicks = linearTicks(bounds(all.map(([x]) => x)), 6);
  const yTicks = (logarithmic ? logTicks : linearTicks)(bounds(all.map(([, y]) => y)), 5);
  const scaleX = scale(xTicks.from, xTicks.to, LEFT, width - RIGHT);
  const toY = logarithmic ? Math.log10 : (y: number) => y;
  const scaleLinear = scale(toY(yTicks.from), toY(yTicks.to), bottom, top);
  const scaleY = (y: number) => scaleLinear(toY(y));

  const lines = series.map(({ points, faint, dots }, i) => {
    const kept = thin(points, MOST_POINTS);
    const path = kept.map((point, j) => {
      if (!usable(point)) return "";
      const previous = kept[j - 1];
      const start = previous === undefined || !usable(previous);
      return `${start ? "M" : "L"}${scaleX(point[0]).toFixed(1)} ${scaleY(point[1]).toFixed(1)}`;
    }).join("");
    const marks = dots
      ? kept.filter(usable).map(([x, y]) =>
        `<circle cx="${scaleX(x).toFixed(1)}" cy="${scaleY(y).toFixed(1)}" r="2.5" class="dot"/>`
      ).join("")
      : "";
    return `<g class="series s${i}${faint ? " faint" : ""}"><path d="${path}"/>${marks}</g>`;
  });

  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" ` +
    `class="line-chart${options.ordered ? " ordered" : ""}"><title>${escape(alt)}</title>` +
    `<style>${style(options.ordered ? "ordered" : "distinct", series.length)}</style>` +
    legend.marks +
    yTicks.ticks.map((y) =>
      line(LEFT, scaleY(y), width - RIGHT, scaleY(y), "grid") +
      text(LEFT - 8, scaleY(y) + 4, tickText(y), "end")
    ).join("") +
    xTicks.ticks.map((x) =>
      line(scaleX(x), bottom, scaleX(x), bottom + 4, "axis") +
      text(scaleX(x), bottom + 18, tickText(x), "middle")
    ).join("") +
    line(LEFT, bottom, width - RIGHT, bottom, "axis") +
    text((LEFT + width - RIGHT) / 2, height - 6, options.x, "middle") +
    `<text transform="translate(14 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">${
      escape(options.y)
    }</text>` +
    lines.join("") + "</svg>";
}

/** Text as it may stand in HTML and SVG. */
export function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Means of neighbouring points where there are more than can be seen. */
export function thin(
  points: readonly (readonly [number, number])[],
  most: number,
): (readonly [number, number])[] {
  const size = Math.ceil(points.length / most);
  if (size <= 1) return [...points];
  return Array.from({ length: Math.ceil(points.length / size) }, (_, i) => {
    const group = points.slice(i * size, (i + 1) * size);
    const mean = (axis: 0 | 1) => group.reduce((sum, point) => sum + point[axis], 0) / group.length;
    return [mean(0), mean(1)] as const;
  });
}

/** Names with a short line each, in as many rows as they need. */
function layOutLegend(series: readonly ChartSeries[], width: number) {
  if (series.length < 2) return { rows: 0, marks: "" };
  let x = LEFT, row = 0, marks = "";
  series.forEach(({ name, faint }, i) => {
    const wide = 46 + 6.2 * name.length;
    if (x + wide > width - RIGHT && x > LEFT) [x, row] = [LEFT, row + 1];
    const y = TOP + row * LEGEND_ROW + 4;
    marks += `<g class="series s${i}${faint ? " faint" : ""}"><path d="M${x} ${y}h18"/></g>` +
      text(x + 24, y + 4, name, "start");
    x += wide;
  });
  return { rows: row + 1, marks };
}

function style(kind: "ordered" | "distinct", count: number): string {
  const pick = (colours: readonly string[], i: number) =>
    kind === "ordered" && count > 1
      ? colours[Math.round(i * (colours.length - 1) / (count - 1))]!
      : colours[i % colours.length]!;
  const rules = (colours: readonly string[]) =>
    Array.from({ length: count }, (_, i) => {
      const name = kind === "ordered" ? ".ordered .s" : ".line-chart:not(.ordered) .s";
      return `${name}${i}{--line:${pick(colours, i)}}`;
    }).join("");
  const [light, dark] = kind === "ordered" ? [RAMP, RAMP_DARK] : [DISTINCT, DISTINCT_DARK];
  return ".line-chart{font:12px system-ui,sans-serif;max-width:100%;height:auto}" +
    ".line-chart text{fill:currentColor}" +
    ".line-chart .grid{stroke:currentColor;opacity:.15}" +
    ".line-chart .axis{stroke:currentColor;opacity:.5}" +
    ".line-chart .series path{fill:none;stroke:var(--line);stroke-width:2;stroke-linejoin:round}" +
    ".line-chart .faint path{stroke-width:1;opacity:.45}" +
    ".line-chart .dot{fill:var(--line)}" +
    rules(light) + `@media (prefers-color-scheme:dark){${rules(dark)}}`;
}

function scale(from: number, to: number, start: number, end: number): (value: number) => number {
  return (value) => start + (value - from) / (to - from) * (end - start);
}

function line(x1: number, y1: number, x2: number, y2: number, kind: string): string {
  return `<path class="${kind}" d="M${x1.toFixed(1)} ${y1.toFixed(1)}L${x2.toFixed(1)} ${
    y2.toFixed(1)
  }"/>`;
}

function text(x: number, y: number, words: string, anchor: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}">${
    escape(words)
  }</text>`;
}
