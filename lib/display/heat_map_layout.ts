import type { Scale } from "./colours.ts";
import { columnWords, rowWords } from "./heat_map_labels.ts";
import { headingHeight, MARGIN, widthOf } from "./svg.ts";
import { bounds, tickText } from "./ticks.ts";

/** Options of `heatMapFigure`. */
export interface HeatMapOptions {
  alt: string;
  title?: string;
  /** Rows from top to bottom, all of one length; cells that are not finite are hatched. */
  values: readonly (readonly number[])[];
  /** Names of the axes: what columns and rows are. */
  x?: string;
  y?: string;
  /** A word for each column and row; their numbers from 0 by default. */
  columnLabels?: readonly string[];
  rowLabels?: readonly string[];
  /** "sequential" from the least to the most; "diverging" for numbers around zero, which stays white. */
  scale?: Scale;
  /** Least and most of the colours; of the values by default. */
  range?: readonly [from: number, to: number];
  /** Writes the numbers into the cells. */
  annotate?: boolean;
}

/** Where the cells lie, in pixels, and which values the ends of the scale have. */
export interface HeatMapLayout {
  rows: number;
  columns: number;
  cell: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** Where the words above the columns end. */
  wordsEnd: number;
  from: number;
  to: number;
}

/** Finds room for everything; throws a RangeError when values or labels do not fit together. */
export function layOutHeatMap(options: HeatMapOptions): HeatMapLayout {
  const { title, values, scale = "sequential", range, annotate = false } = options;
  const rows = values.length, columns = values[0]?.length ?? 0;
  check(options, rows, columns);
  const numbers = values.flat().filter(Number.isFinite);
  const { least, most } = numbers.length > 0 ? bounds(numbers) : { least: 0, most: 0 };
  const far = Math.max(Math.abs(least), Math.abs(most)) || 1;
  const [from, to] = range ??
    (scale === "diverging" ? [-far, far] : [least, most > least ? most : least + 1]);
  const widest = annotate ? Math.max(...numbers.map((value) => widthOf(cellText(value), 11))) : 0;
  const cell = Math.max(
    2,
    annotate ? Math.max(26, widest + 8) : 0,
    Math.min(44, Math.floor(380 / Math.max(rows, columns))),
  );
  const left = MARGIN + (options.y ? 20 : 0) +
    Math.max(...rowWords(options, rows, cell).map(({ word }) => widthOf(word))) + 8;
  const above = columnWords(options, columns, cell);
  const top = MARGIN + headingHeight(title) + above.height;
  const right = left + columns * cell, bottom = top + rows * cell;
  return { rows, columns, cell, left, top, right, bottom, wordsEnd: left + above.reach, from, to };
}

function check(
  { values, rowLabels, columnLabels, range }: HeatMapOptions,
  rows: number,
  columns: number,
) {
  if (rows === 0 || columns === 0) throw new RangeError("Cannot draw a heat map without cells");
  values.forEach((row, i) => {
    if (row.length === columns) return;
    throw new RangeError(
      `Cannot draw a heat map: row ${i} has ${row.length} values, the first has ${columns}`,
    );
  });
  for (
    const [name, labels, expected] of [
      ["rowLabels", rowLabels, rows],
      ["columnLabels", columnLabels, columns],
    ] as const
  ) {
    if (!labels || labels.length === expected) continue;
    throw new RangeError(
      `Cannot draw a heat map: ${name} has ${labels.length} words, expected ${expected}`,
    );
  }
  if (range && !(range[0] < range[1])) {
    throw new RangeError(
      `Cannot draw a heat map: range is ${range.join(" to ")}, expected least to most`,
    );
  }
}

/** A number as it stands in a cell. */
export function cellText(value: number): string {
  return tickText(Number(value.toPrecision(value >= 100 ? 3 : 2)));
}
