import { Buffer } from "node:buffer";
import sharp from "sharp";
import { strokedText, textWidth } from "./stroke_font.ts";

/** Images of one size: Float32 in [−1, 1], or bytes in 0 … 255, one channel (grey) or three (RGB). */
export interface ImageBatch {
  /** [count, height, width, channels]. */
  data: Float32Array | Uint8Array;
  count: number;
  height: number;
  width: number;
  channels: number;
}

/** Options of {@linkcode imageGrid}. */
export interface GridOptions {
  /** Images per row; by default at most ten, as square as they fit. */
  columns?: number;
  /** Whole number by which pixels are enlarged; by default images become about 56 pixels wide. */
  scale?: number;
  /** Pixels between images, 6 by default. */
  gap?: number;
  /** A word below each image. */
  labels?: readonly string[];
  title?: string;
  /** A word to the left of each row. */
  rowTitles?: readonly string[];
  /** A word above each column. */
  columnTitles?: readonly string[];
}

const PAPER = { r: 252, g: 252, b: 251 }, INK = "#30343a", FAINT = "#6b7078";
const TITLE = 12, LABEL = 8.5, MARGIN = 18;

/**
 * Draws images side by side on a light page, with optional words, as PNG bytes.
 *
 * Pixels stay sharp squares. Throws a RangeError when the data or the words do not fit the images.
 */
export async function imageGrid(
  images: ImageBatch,
  options: GridOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  checkImages(images);
  const page = layOut(images, options);
  const pixels = paint(images, page);
  const raw = { width: page.width, height: page.height, channels: 3 as const };
  const words = `<svg xmlns="http://www.w3.org/2000/svg" width="${page.width}" ` +
    `height="${page.height}">${write(images, options, page)}</svg>`;
  const png = await sharp(pixels, { raw })
    .composite([{ input: Buffer.from(words) }])
    .png({ compressionLevel: 9 })
    .toBuffer();
  return new Uint8Array(png);
}

/** Where everything lies on the page, in pixels. */
interface Page {
  columns: number;
  rows: number;
  scale: number;
  /** Corner of the first image. */
  left: number;
  top: number;
  /** From one image to the next. */
  stepX: number;
  stepY: number;
  width: number;
  height: number;
}

function layOut(images: ImageBatch, options: GridOptions): Page {
  const { count } = images;
  const scale = wholeNumber("scale", options.scale ?? Math.max(1, Math.round(56 / images.width)));
  const columns = wholeNumber(
    "columns",
    options.columns ?? Math.min(10, Math.ceil(Math.sqrt(count))),
  );
  const gap = options.gap ?? 6, rows = Math.ceil(count / columns);
  checkWords("labels", options.labels, count);
  checkWords("rowTitles", options.rowTitles, rows);
  checkWords("columnTitles", options.columnTitles, columns);

  const widest = Math.max(0, ...(options.rowTitles ?? []).map((word) => textWidth(word, LABEL)));
  const left = MARGIN + (widest && Math.ceil(widest) + 10);
  const top = MARGIN + (options.title ? TITLE + 14 : 0) + (options.columnTitles ? LABEL + 8 : 0);
  const stepX = images.width * scale + gap;
  const stepY = images.height * scale + gap + (options.labels ? LABEL + 9 : 0);
  const gridRight = left + columns * stepX - gap;
  const titleRight = MARGIN + textWidth(options.title ?? "", TITLE);
  return {
    columns,
    rows,
    scale,
    left,
    top: Math.round(top),
    stepX,
    stepY: Math.round(stepY),
    width: Math.ceil(Math.max(gridRight, titleRight)) + MARGIN,
    height: Math.round(top) + rows * Math.round(stepY) - gap + MARGIN,
  };
}

function paint(images: ImageBatch, page: Page): Uint8Array {
  const { data, count, height, width, channels } = images;
  const { scale } = page, pixels = new Uint8Array(page.width * page.height * 3);
  for (let i = 0; i < pixels.length; i += 3) pixels.set([PAPER.r, PAPER.g, PAPER.b], i);

  for (let n = 0; n < count; n++) {
    const left = page.left + (n % page.columns) * page.stepX;
    const top = page.top + Math.floor(n / page.columns) * page.stepY;
    for (let y = 0; y < height * scale; y++) {
      const row = (n * height + Math.floor(y / scale)) * width;
      let to = ((top + y) * page.width + left) * 3;
      for (let x = 0; x < width * scale; x++) {
        const from = (row + Math.floor(x / scale)) * channels;
        for (let c = 0; c < 3; c++) {
          pixels[to++] = toByte(data, from + (channels === 3 ? c : 0));
        }
      }
    }
  }
  return pixels;
}

function toByte(data: Float32Array | Uint8Array, at: number): number {
  const value = data[at]!;
  if (data instanceof Uint8Array) return value;
  // Samples overshoot [−1, 1] a little; NaN becomes black.
  return value >= 1 ? 255 : value > -1 ? Math.round((value + 1) * 127.5) : 0;
}

function write(images: ImageBatch, options: GridOptions, page: Page): string {
  const { labels = [], rowTitles = [], columnTitles = [], title } = options;
  const wide = images.width * page.scale, high = images.height * page.scale;
  const middleX = (column: number) => page.left + column * page.stepX + wide / 2;
  const faint = { size: LABEL, colour: FAINT };
  return [
    title ? strokedText(title, MARGIN, MARGIN + TITLE, { size: TITLE, colour: INK }) : "",
    ...columnTitles.map((word, column) =>
      strokedText(word, middleX(column), page.top - 8, { ...faint, anchor: "middle" })
    ),
    ...rowTitles.map((word, row) =>
      strokedText(word, page.left - 10, page.top + row * page.stepY + (high + LABEL) / 2, {
        ...faint,
        anchor: "end",
      })
    ),
    ...labels.map((word, n) => {
      const top = page.top + Math.floor(n / page.columns) * page.stepY;
      return strokedText(word, middleX(n % page.columns), top + high + LABEL + 5, {
        ...faint,
        anchor: "middle",
      });
    }),
  ].join("");
}

function checkImages({ data, count, height, width, channels }: ImageBatch): void {
  if (channels !== 1 && channels !== 3) {
    throw new RangeError(
      `Cannot draw images of ${channels} channels: expected 1 (grey) or 3 (RGB)`,
    );
  }
  for (const [name, size] of Object.entries({ count, height, width })) wholeNumber(name, size);
  if (data.length !== count * height * width * channels) {
    throw new RangeError(
      `Cannot draw images [${count}, ${height}, ${width}, ${channels}] from ${data.length} values: ` +
        `they need ${count * height * width * channels}`,
    );
  }
}

function checkWords(name: string, words: readonly string[] | undefined, expected: number): void {
  if (words && words.length !== expected) {
    throw new RangeError(
      `Cannot draw grid: ${name} has ${words.length} words, expected ${expected}`,
    );
  }
}

function wholeNumber(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new RangeError(`Cannot draw grid: ${name} is ${value}, expected a whole number above 0`);
}
