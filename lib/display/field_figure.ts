import { axisOver, drawAxes, drawData, type Plot } from "./axes.ts";
import { arrowsPath } from "./arrows.ts";
import { colourOf, INK } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { layOutLegend } from "./legend.ts";
import { dotsPath, linePath } from "./line_paths.ts";
import { livelyHtml } from "./page/html.ts";
import { escape, heading, headingHeight, MARGIN, picture, round } from "./svg.ts";
import { plotText } from "./terminal_plot.ts";
import { bounds, linearTicks, numberText } from "./ticks.ts";

/** Points of a cloud, or of a path from its first to its last. */
export interface PlanePoints {
  name: string;
  points: readonly (readonly [x: number, y: number])[];
}

/** Options of {@linkcode fieldFigure}. */
export interface FieldOptions {
  alt: string;
  title?: string;
  /** Where each arrow stands and which way it points. */
  arrows?: readonly (readonly [x: number, y: number, dx: number, dy: number])[];
  /** Clouds of points. */
  points?: readonly PlanePoints[];
  /** Ways through the plane; several of one name share a colour. */
  paths?: readonly PlanePoints[];
  /** The part of the plane that is shown; everything by default. */
  x?: readonly [from: number, to: number];
  y?: readonly [from: number, to: number];
  /** In pixels, 480 by default. The height follows: a unit is as long in y as in x. */
  width?: number;
}

/** The plane is drawn no higher than this. */
const HIGHEST = 520;

/**
 * Draws arrows, clouds of points and paths in the plane. Arrows are as long as fits between them, in proportion to
 * each other. In a notebook hovering tells the nearest point, names switch what they stand for off and on,
 * dragging zooms in and a double click zooms out.
 *
 * Throws a RangeError when there is nothing to draw.
 */
export function fieldFigure(options: FieldOptions): Figure {
  const { alt, title, width = 480 } = options;
  const points = (options.points ?? []).map(clean), paths = (options.paths ?? []).map(clean);
  const arrows = (options.arrows ?? []).filter((arrow) => arrow.every(Number.isFinite));
  const names = [...new Set([...points, ...paths].map(({ name }) => name))];
  const colourFor = (name: string) => colourOf(names.indexOf(name), names.length);

  const places = [...points, ...paths].flatMap(({ points }) => points)
    .concat(arrows.map(([x, y]) => [x, y] as const));
  if (places.length === 0) {
    throw new RangeError("Cannot draw a field without a finite arrow, point or path");
  }
  const [x, y] = [0, 1].map((axis) => {
    const given = axis === 0 ? options.x : options.y;
    if (given && !(given[0] < given[1])) {
      throw new RangeError(
        `Cannot draw a field: ${axis ? "y" : "x"} is [${given.join(", ")}], expected [least, most]`,
      );
    }
    return given ?? around(places.map((place) => place[axis as 0 | 1]));
  }) as [readonly [number, number], readonly [number, number]];

  const legend = layOutLegend(
    names.map((name) => ({
      name,
      colour: colourFor(name),
      mark: points.some((cloud) => cloud.name === name) ? "dot" : "line",
    })),
    { left: LEFT, right: width - MARGIN, top: MARGIN - 4 + headingHeight(title) },
  );
  const top = MARGIN + headingHeight(title) + legend.height;
  const unit = Math.min((width - MARGIN - LEFT) / (x[1] - x[0]), HIGHEST / (y[1] - y[0]));
  const right = LEFT + unit * (x[1] - x[0]), bottom = top + unit * (y[1] - y[0]);
  const plot: Plot = {
    left: LEFT,
    right,
    top,
    bottom,
    x: axisOver(x, [LEFT, right], { tight: true }),
    y: axisOver(y, [bottom, top], { tight: true }),
  };
  const at = (px: number, py: number) => `${round(plot.x.at(px))},${round(plot.y.at(py))}`;
  const scale = arrowScale(arrows, (right - LEFT) * (bottom - top));
  const content =
    `<path data-part="arrows" d="${
      arrowsPath(arrows, plot, scale)
    }" fill="none" stroke="${INK.arrow}"/>` +
    points.map(({ name, points }) =>
      `<g data-name="${escape(name)}" stroke="${colourFor(name)}"><path data-part="points" d="${
        dotsPath(points, at)
      }" stroke-width="5" stroke-opacity="${
        points.length > 60 ? 0.55 : 0.9
      }" stroke-linecap="round"/></g>`
    ).join("") +
    paths.map(({ name, points }) =>
      `<g data-name="${escape(name)}" stroke="${colourFor(name)}" fill="none" ` +
      `stroke-linejoin="round"><path data-part="path" d="${
        linePath(points, at)
      }" stroke-width="1.8"/>` +
      `<path d="${dotsPath(points.slice(-1), at)}" stroke-width="7" stroke-linecap="round"/></g>`
    ).join("");
  const size = { width: Math.max(right + MARGIN, legend.width + MARGIN), height: bottom + 36 };
  const svg = picture(
    { ...size, alt },
    heading(title, width) + legend.svg + drawAxes(plot, {}, true) +
      drawData(plot, {}, "point", content, `data-unit="${round(scale)}"`),
  );
  const figure = { alt, svg, size, text: summary(options) };
  return {
    ...figure,
    html: livelyHtml(figure),
    terminal: (screen) =>
      plotText({
        title,
        plot,
        series: [
          ...points.map((cloud) => ({ ...cloud, scattered: true, colour: colourFor(cloud.name) })),
          ...paths.map((path) => ({ ...path, colour: colourFor(path.name) })),
        ],
      }, screen),
  };
}

const LEFT = 48;

function clean({ name, points }: PlanePoints): PlanePoints {
  return { name, points: points.filter((point) => point.every(Number.isFinite)) };
}

/** From the round number below all values to the one above. */
function around(values: readonly number[]): [number, number] {
  const { from, to } = linearTicks(bounds(values), 8);
  return [from, to];
}

/** Pixels per unit, so that all but the longest twentieth of the arrows keep to their share of the area. */
function arrowScale(arrows: NonNullable<FieldOptions["arrows"]>, area: number): number {
  if (arrows.length === 0) return 1;
  const lengths = arrows.map(([, , dx, dy]) => Math.hypot(dx, dy)).sort((a, b) => a - b);
  const long = lengths[Math.floor(0.95 * (lengths.length - 1))]! || lengths.at(-1)! || 1;
  return Math.min(60, 0.9 * Math.sqrt(area / arrows.length)) / long;
}

function summary({ title, arrows = [], points = [], paths = [] }: FieldOptions): string {
  return [
    ...(title ? [title] : []),
    ...(arrows.length > 0 ? [`${arrows.length} arrows`] : []),
    ...points.map(({ name, points }) => `${name}: ${points.length} points`),
    ...paths.filter(({ points }) => points.length > 0).map(({ name, points }) =>
      `${name}: from (${points[0]!.map(numberText).join(", ")}) to (${
        points.at(-1)!.map(numberText).join(", ")
      })`
    ),
  ].join("\n");
}
