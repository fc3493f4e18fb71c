import type { ImageShape } from "../models/mod.ts";

/** `[B, H, W, C]` → `[B, C, H, W]`. */
export function channelsFirst(
  data: Float32Array,
  count: number,
  [height, width, channels]: ImageShape,
): Float32Array<ArrayBuffer> {
  return moveAxis(data, count, height * width, channels);
}

/** `[B, C, H, W]` → `[B, H, W, C]`. */
export function channelsLast(
  data: Float32Array,
  count: number,
  [height, width, channels]: ImageShape,
): Float32Array<ArrayBuffer> {
  return moveAxis(data, count, channels, height * width);
}

/** Transposes each of `count` matrices [rows, columns]. */
function moveAxis(
  data: Float32Array,
  count: number,
  rows: number,
  columns: number,
): Float32Array<ArrayBuffer> {
  const moved = new Float32Array(data.length), size = rows * columns;
  for (let n = 0; n < count; n++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        moved[n * size + column * rows + row] = data[n * size + row * columns + column]!;
      }
    }
  }
  return moved;
}
