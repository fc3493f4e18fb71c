import { ramp } from "./colours.ts";
import type { Figure } from "./figure.ts";
import { colourMap, drawScale, hatching, numbers, scaleWidth, seams } from "./heat_map_cells.ts";
import { drawLabels } from "./heat_map_labels.ts";
import { type HeatMapOptions, layOutHeatMap } from "./heat_map_layout.ts";
import { livelyHtml } from "./page/html.ts";
import { escape, heading, MARGIN, picture, round, widthOf } from "./svg.ts";
import { type Pixels, pixelText } from "./terminal_image.ts";
import { bounds, numberText } from "./ticks.ts";

/**
 * Draws a matrix as colours, with the scale beside it. In a notebook hovering tells the value of a cell.
 *
 * Throws a RangeError when it is empty or ragged, or when labels do not fit.
 */
export function heatMapFigure(options: HeatMapOptions): Figure {
  const { alt, title, values, scale = "sequential", annotate = false } = options;
  const { columnLabels, rowLabels } = options;
  const layout = layOutHeatMap(options);
  const { rows, columns, cell, left, top, right, bottom, from, to } = layout;
  const colourAt = (value: number) => ramp(scale, (value - from) / (to - from));
  const cells = {
    values: values.map((row) =>
      row.map((value) => Number.isFinite(value) ? Number(value.toPrecision(4)) : null)
    ),
    ...(rowLabels && { rows: rowLabels }),
    ...(columnLabels && { columns: columnLabels }),
  };
  const box = `x="${round(left)}" y="${round(top)}" width="${columns * cell}" height="${
    rows * cell
  }"`;
  const holes = values.some((row) => !row.every(Number.isFinite));
  const map =
    `<svg ${box} viewBox="${round(left)} ${round(top)} ${columns * cell} ${
      rows * cell
    }" data-plot="${[left, right, top, bottom].map(round).join(" ")}" data-names="${
      escape(`${options.x ?? "column"}|${options.y ?? "row"}`)
    }" data-cells="${escape(JSON.stringify(cells))}">` + (holes ? hatching(layout) : "") +
    `<image ${box} preserveAspectRatio="none" image-rendering="pixelated" ` +
    `style="image-rendering:pixelated" href="${colourMap(values, colourAt)}"/>` +
    (cell >= 14 ? seams(layout) : "") +
    (annotate ? numbers(values, layout, colourAt) : "") + "</svg>";

  const width = right + 24 + 14 + 8 + scaleWidth(from, to) + MARGIN - 4;
  const size = {
    width: Math.max(width, layout.wordsEnd + MARGIN, MARGIN * 2 + widthOf(title ?? "", 14, true)),
    height: bottom + MARGIN + (options.x ? 22 : 0),
  };
  const svg = picture(
    { ...size, alt },
    heading(title) + map + drawLabels(options, layout) + drawScale(layout, scale),
  );
  const figure = { alt, svg, size, text: summary(options) };
  return {
    ...figure,
    html: livelyHtml(figure),
    terminal: (screen) =>
      [
        ...(title ? [title] : []),
        ...pixelText(
          squares(values, screen.columns, (value) => {
            const share = 255 * Math.min(1, Math.max(0, (value - from) / (to - from)));
            return screen.colours ? colourAt(value) : [share, share, share];
          }),
          screen,
        ),
        summary(options),
      ].join("\n"),
  };
}

function summary({ title, values, x, y }: HeatMapOptions): string {
  const numbers = values.flat().filter(Number.isFinite);
  const missing = values.flat().length - numbers.length;
  const { least, most } = bounds(numbers.length > 0 ? numbers : [NaN]);
  return `${title ? `${title}: ` : ""}${values.length} × ${values[0]!.length} values` +
    (y && x ? ` (${y} × ${x})` : "") +
    (numbers.length > 0 ? ` from ${numberText(least)} to ${numberText(most)}` : "") +
    (missing > 0 ? `, ${missing} missing` : "");
}

/** Each cell as a square of two pixels by two, or one by one where the screen is too narrow. */
function squares(
  values: HeatMapOptions["values"],
  columns: number,
  colourAt: (value: number) => readonly number[],
): Pixels {
  const size = values[0]!.length * 2 <= columns ? 2 : 1;
  const width = values[0]!.length * size, height = values.length * size;
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < width * height; i++) {
    const value = values[Math.floor(i / width / size)]![Math.floor(i % width / size)]!;
    if (Number.isFinite(value)) data.set(colourAt(value), i * 3);
  }
  return { data, width, height };
}
