import { Buffer } from "node:buffer";
import { strokedText, textWidth } from "./stroke_font.ts";
import { wrapWords } from "./wrap_words.ts";

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
  /** Widest line of these words in pixels; longer ones are broken between words. One line each by default. */
  wordWidth?: number;
  /** Draws an arrow below the images, from left to right, with this word at its end. */
  arrow?: string;
  /** Pixels of the picture for each one of the page: 2 stays sharp on fine screens; 1 by default. */
  density?: number;
  /** Draws in at most 256 colours, in half of the bytes: for many noisy pictures in one notebook. */
  fewColours?: boolean;
}

const PAPER = 252, INK = "#30343a", FAINT = "#5f656d";
/** Heights of capital letters, and other sizes in pixels of the page. */
const TITLE = 10.5, LABEL = 8.6, MARGIN = 18, ARROW = 20;
/** From one line of broken words to the next. */
const LINE = LABEL + 6;

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
  const density = wholeNumber("density", options.density ?? 1);
  const page = layOut(images, options);
  const [width, height] = [page.width * density, page.height * density];
  const words = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${page.width} ${page.height}">${write(images, options, page)}</svg>`;
  // Loaded only now: it takes a while, and needs permissions that a chart does without.
  const { default: sharp } = await import("sharp");
  const raw = { width, height, channels: 3 as const };
  const drawn = await sharp(paint(images, page, density), { raw })
    .composite([{ input: Buffer.from(words) }])
    // Grey pictures take a third of the space in one channel.
    .toColourspace(images.channels === 1 ? "b-w" : "srgb")
    .png({
      compressionLevel: 9,
      ...(options.fewColours
        ? { palette: true, colours: 256, dither: 0, effort: 10 }
        : { adaptiveFiltering: images.channels === 3 }),
    })
    .toBuffer();
  return new Uint8Array(drawn);
}

/** Where everything lies on the page, in pixels. */
interface Page {
  columns: number;
  rows: number;
  scale: number;
  /** Where the first column of images begins. */
  left: number;
  /** Where each row begins, and where one more would. */
  tops: number[];
  /** Where the last column ends. */
  right: number;
  /** From one image to the next. */
  stepX: number;
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

  const [beside, below, above] = [options.rowTitles, options.labels, options.columnTitles]
    .map((words) => blockOf(words, options));
  const across = Math.max(below!.width, above!.width), wide = images.width * scale;
  // Words below the first and the last image may reach beyond it.
  const beyond = Math.max(0, Math.ceil((across - wide) / 2) - MARGIN + 4);
  const left = MARGIN + Math.max(beside!.width && Math.ceil(beside!.width) + 10, beyond);
  const top = MARGIN + (options.title ? TITLE + 14 : 0) + (above!.height && above!.height + 8);
  const stepX = Math.ceil(Math.max(wide + gap, across && across + 8));
  const high = Math.max(images.height * scale + gap, beside!.height && beside!.height + gap);
  // A row whose images have no words needs no room for them.
  const tops = [Math.round(top)];
  for (let row = 0; row < rows; row++) {
    const words = options.labels?.slice(row * columns, (row + 1) * columns) ?? [];
    const { height } = blockOf(words.some((word) => word !== "") ? words : undefined, options);
    tops.push(tops[row]! + Math.round(high + (height && height + 9)));
  }
  const gridRight = left + (columns - 1) * stepX + wide;
  const titleRight = MARGIN + textWidth(options.title ?? "", TITLE);
  return {
    columns,
    rows,
    scale,
    left,
    tops,
    right: gridRight,
    stepX,
    width: Math.ceil(Math.max(gridRight + beyond, titleRight)) + MARGIN,
    height: tops[rows]! - gap + MARGIN +
      (options.arrow === undefined ? 0 : ARROW),
  };
}

/** The lines of a word. */
function linesOf(word: string, { wordWidth }: GridOptions): string[] {
  return wordWidth === undefined
    ? [word]
    : wrapWords(word, wordWidth, (line) => textWidth(line, LABEL));
}

/** Room for the largest of some words, 0 if there are none. */
function blockOf(
  words: readonly string[] | undefined,
  options: GridOptions,
): { width: number; height: number } {
  if (!words) return { width: 0, height: 0 };
  const blocks = words.map((word) => linesOf(word, options));
  return {
    width: Math.max(0, ...blocks.flat().map((line) => textWidth(line, LABEL))),
    height: LABEL + LINE * (Math.max(1, ...blocks.map(({ length }) => length)) - 1),
  };
}

function paint(images: ImageBatch, page: Page, density: number): Uint8Array {
  const { count, height, width } = images, scale = page.scale * density;
  const across = page.width * density;
  const pixels = new Uint8Array(across * page.height * density * 3).fill(PAPER);
  for (let n = 0; n < count; n++) {
    const left = (page.left + (n % page.columns) * page.stepX) * density;
    const top = page.tops[Math.floor(n / page.columns)]! * density;
    for (let y = 0; y < height * scale; y++) {
      let to = ((top + y) * across + left) * 3;
      for (let x = 0; x < width * scale; x++) {
        const pixel = (n * height + Math.floor(y / scale)) * width + Math.floor(x / scale);
        for (let c = 0; c < 3; c++) pixels[to++] = byteAt(images, pixel, c);
      }
    }
  }
  return pixels;
}

/** Red, green or blue of a pixel in 0 … 255. */
export function byteAt({ data, channels }: ImageBatch, pixel: number, channel: number): number {
  const value = data[pixel * channels + (channels === 3 ? channel : 0)]!;
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
    title
      ? strokedText(title, MARGIN, MARGIN + TITLE - 2, { size: TITLE, colour: INK, bold: true })
      : "",
    options.arrow === undefined ? "" : drawArrow(options.arrow, page),
    ...columnTitles.flatMap((word, column) => {
      const lines = linesOf(word, options), bottom = page.tops[0]! - 8;
      return lines.map((line, i) => {
        const y = bottom - LINE * (lines.length - 1 - i);
        return strokedText(line, middleX(column), y, { ...faint, anchor: "middle" });
      });
    }),
    ...rowTitles.flatMap((word, row) => {
      const lines = linesOf(word, options);
      const middle = page.tops[row]! + (high + LABEL) / 2;
      return lines.map((line, i) => {
        const y = middle + LINE * (i - (lines.length - 1) / 2);
        return strokedText(line, page.left - 10, y, { ...faint, anchor: "end" });
      });
    }),
    ...labels.flatMap((word, n) => {
      const top = page.tops[Math.floor(n / page.columns)]!;
      return linesOf(word, options).map((line, i) => {
        const y = top + high + LABEL + 5 + LINE * i;
        return strokedText(line, middleX(n % page.columns), y, { ...faint, anchor: "middle" });
      });
    }),
  ].join("");
}

function drawArrow(word: string, page: Page): string {
  const y = page.height - MARGIN, right = page.right;
  const end = right - (word ? textWidth(word, LABEL) + 8 : 0);
  return `<path d="M${page.left} ${y}H${end}m-6 -4l6 4l-6 4" fill="none" stroke="${FAINT}" ` +
    `stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round"/>` +
    strokedText(word, right, y + LABEL / 2, { size: LABEL, colour: FAINT, anchor: "end" });
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
