import { imageGrid } from "../../display/image_grid.ts";
import { sizeOf } from "../../tensors.ts";
import { gatherX0, type Subject } from "./subject.ts";
import type { DrawnExamples } from "./result.ts";

const COLUMNS = 8, BLOCKS = 4;

/** Examples, what was drawn when they were asked for, and the example nearest to that: PNG bytes. */
export async function memorisedGrid(
  { rows, codec, pictures, captions }: Pick<Subject, "rows" | "codec" | "pictures"> & {
    captions: readonly string[];
  },
  { asked, nearest, x0 }: DrawnExamples,
  title: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const count = Math.min(asked.length, COLUMNS * BLOCKS), size = sizeOf(rows.shape);
  const columns = Math.min(COLUMNS, count), blocks = Math.ceil(count / columns);
  const decode = async (values: Float32Array<ArrayBuffer>) =>
    codec ? await codec.decode(values, rows.shape) : values;
  const sets = [
    await decode(gatherX0(rows, asked.slice(0, count))),
    await decode(x0.slice(0, count * size)),
    await decode(gatherX0(rows, nearest.slice(0, count))),
  ];
  const factor = codec
    ? Math.sqrt(sets[0]!.length / (3 * count * rows.shape[0] * rows.shape[1]))
    : 1;
  const shape = pictures?.shape ??
    [rows.shape[0] * factor, rows.shape[1] * factor, codec ? 3 : rows.shape[2]];
  const [height, width, channels] = shape, pixels = sizeOf(shape);
  // White where the last block has no example.
  const data = new Float32Array(3 * blocks * columns * pixels).fill(1);
  for (let i = 0; i < count; i++) {
    const block = Math.floor(i / columns), column = i % columns;
    sets.forEach((set, row) =>
      data.set(
        set.subarray(i * pixels, (i + 1) * pixels),
        ((3 * block + row) * columns + column) * pixels,
      )
    );
  }
  const labels = Array.from({ length: 3 * blocks * columns }, (_, place) => {
    const row = Math.floor(place / columns), i = Math.floor(row / 3) * columns + place % columns;
    return row % 3 === 0 && i < count ? captions[i]! : "";
  });
  const wide = channels === 3;
  return await imageGrid({ data, count: 3 * blocks * columns, height, width, channels }, {
    columns,
    title,
    rowTitles: Array.from({ length: 3 * blocks }, (_, row) => ROWS[row % 3]!),
    labels,
    ...(wide && { scale: Math.max(1, Math.round(72 / width)), wordWidth: 96 }),
  });
}

const ROWS = ["example", "drawn", "nearest"];
