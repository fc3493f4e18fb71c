import type { Figure, Screen } from "./figure.ts";
import { byteAt, type GridOptions, type ImageBatch, imageGrid } from "./image_grid.ts";
import { stillHtml } from "./page/html.ts";
import { pngSize } from "./png.ts";
import { type Pixels, pixelText } from "./terminal_image.ts";

/** Options of {@linkcode imageFigure}. */
export interface ImageFigureOptions extends Omit<GridOptions, "density"> {
  alt: string;
}

/** Pixels of the picture for each one of the page: sharp on fine screens too. */
const DENSITY = 2;
/** A terminal shows no more lines of images than this, and images no narrower than so many characters. */
const MOST_LINES = 60, LEAST_WIDTH = 14;

/**
 * Draws images side by side, with optional words. Pixels stay sharp squares.
 *
 * Throws a RangeError when the data or the words do not fit the images.
 */
export async function imageFigure(
  images: ImageBatch,
  { alt, ...options }: ImageFigureOptions,
): Promise<Figure> {
  const png = await imageGrid(images, { ...options, density: DENSITY });
  const { count, height, width, channels } = images;
  const size = pngSize(png);
  const text = (options.title ? `${options.title}: ` : "") +
    `${count} ${channels === 1 ? "grey" : "colour"} image${count > 1 ? "s" : ""} ` +
    `of ${height} × ${width} pixels` + (options.labels ? ` (${options.labels.join(", ")})` : "");
  const figure = {
    alt,
    png,
    size: { width: size.width / DENSITY, height: size.height / DENSITY },
    text,
  };
  return {
    ...figure,
    html: stillHtml(figure),
    terminal: (screen) => [...gridText(images, options, screen), text].join("\n"),
  };
}

/** The grid in block characters, with the words of its rows and columns. */
function gridText(images: ImageBatch, options: Omit<GridOptions, "density">, screen: Screen) {
  const { count, height, width } = images;
  const { rowTitles = [], columnTitles } = options;
  const columns = options.columns ?? Math.min(10, Math.ceil(Math.sqrt(count)));
  const margin = rowTitles.length > 0 ? Math.max(...rowTitles.map(({ length }) => length)) + 1 : 0;
  const room = screen.columns - margin + 1;
  // Means of squares of this many pixels are shown: as few as let a row fit, while images can be told.
  const most = Math.max(1, Math.floor(width / LEAST_WIDTH));
  const shrink = Math.min(most, Math.max(1, Math.ceil(columns * width / (room - columns))));
  const wide = Math.floor(width / shrink), high = Math.ceil(height / shrink / 2);
  const across = Math.min(columns, Math.max(1, Math.floor(room / (wide + 1))));
  const rows = Math.ceil(count / columns);
  const down = Math.min(rows, Math.max(1, Math.floor(MOST_LINES / high)));

  const lines = Array.from({ length: down }, (_, row) => {
    const strips = Array.from(
      { length: Math.min(across, count - row * columns) },
      (_, column) =>
        pixelText(pixelsOf(images, row * columns + column), { ...screen, columns: wide }),
    );
    return Array.from({ length: high }, (_, line) => {
      const title = line === Math.floor(high / 2) ? rowTitles[row] ?? "" : "";
      return title.padStart(Math.max(0, margin - 1)).padEnd(margin) +
        strips.map((strip) => pad(strip[line] ?? "", wide, screen.colours)).join(" ");
    });
  }).flat();
  const heads = columnTitles?.slice(0, across).map((word) => word.slice(0, wide).padEnd(wide));
  const left = [
    ...(across < columns ? [`${columns - across} more columns`] : []),
    ...(down < rows ? [`${rows - down} more rows`] : []),
  ];
  return [
    ...(heads ? [" ".repeat(margin) + heads.join(" ")] : []),
    ...lines,
    ...(left.length > 0 ? [`… and ${left.join(", ")}`] : []),
  ].map((line) => line.trimEnd());
}

/** Lines in colour already have all of their width. */
function pad(line: string, width: number, colours: boolean): string {
  return colours ? line : line.padEnd(width);
}

function pixelsOf(images: ImageBatch, n: number): Pixels {
  const { height, width } = images, data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) {
    data[i] = byteAt(images, n * height * width + Math.floor(i / 3), i % 3);
  }
  return { data, width, height };
}
