import type { Figure } from "./figure.ts";
import { imageFigure } from "./image_figure.ts";
import type { ImageBatch } from "./image_grid.ts";

/** Options of {@linkcode filmstripFigure}. */
export interface FilmstripOptions {
  alt: string;
  /** A word above each frame. */
  titles?: readonly string[];
  /** A word beside each sample. */
  rowTitles?: readonly string[];
  title?: string;
  scale?: number;
  /** Whether an arrow below says that time runs to the right; true by default. */
  arrow?: boolean;
  /** Draws in at most 256 colours, in half of the bytes. */
  fewColours?: boolean;
}

/**
 * Draws how samples change: a row per sample, a column per frame, time running to the right. Without the arrow it
 * compares versions of the same samples side by side.
 *
 * Throws a RangeError without frames or when frames differ in shape.
 */
export async function filmstripFigure(
  frames: readonly ImageBatch[],
  { titles, arrow = true, ...options }: FilmstripOptions,
): Promise<Figure> {
  const [first] = frames;
  if (!first) throw new RangeError("Cannot draw a filmstrip without frames");
  const { count, height, width, channels } = first, size = height * width * channels;
  const Kind = first.data instanceof Uint8Array ? Uint8Array : Float32Array;
  const data = new Kind(frames.length * count * size);
  frames.forEach((frame, column) => {
    const shape = [frame.count, frame.height, frame.width, frame.channels];
    if (shape.join() !== [count, height, width, channels].join()) {
      throw new RangeError(
        `Cannot draw a filmstrip: frame ${column} is [${shape.join(", ")}], the first is [${
          [count, height, width, channels].join(", ")
        }]`,
      );
    }
    for (let row = 0; row < count; row++) {
      data.set(
        frame.data.subarray(row * size, (row + 1) * size),
        (row * frames.length + column) * size,
      );
    }
  });
  return await imageFigure({ data, count: frames.length * count, height, width, channels }, {
    ...options,
    columns: frames.length,
    ...(arrow && { arrow: "" }),
    ...(titles && { columnTitles: titles }),
  });
}
