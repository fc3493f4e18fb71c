/** Pictures of notebook 02: digits cut into patches, and where a token looks. */
import type { ImageBatch } from "../../../display/mod.ts";

const HEAT = [230, 120, 0], FRAME = [86, 180, 233];

/** Lays grey patches `[N, patch · patch]` out with blue gaps between them, so many in a row, as one picture. */
export function spreadPatches(
  patches: readonly (readonly number[])[],
  { columns, patch, gap = 1 }: { columns: number; patch: number; gap?: number },
): ImageBatch {
  const rows = Math.ceil(patches.length / columns);
  const height = rows * (patch + gap) + gap, width = columns * (patch + gap) + gap;
  const data = new Uint8Array(height * width * 3).map((_, i) => FRAME[i % 3]!);
  patches.forEach((values, i) => {
    const top = Math.floor(i / columns) * (patch + gap) + gap;
    const left = (i % columns) * (patch + gap) + gap;
    values.forEach((value, j) => {
      const start = (top + Math.floor(j / patch)) * width + left + j % patch;
      data.fill(Math.round(127.5 * (clamp(value) + 1)), 3 * start, 3 * start + 3);
    });
  });
  return { data, count: 1, height, width, channels: 3 };
}

/** Options of {@linkcode attentionPicture}. */
export interface AttentionPictureOptions {
  /** Patches in a row of the image. */
  columns: number;
  /** Screen pixels for each pixel of the image. */
  scale?: number;
}

/** Where a token looks, and the token itself. */
export interface Look {
  /** Grey image `[H, W]` in [−1, 1]. */
  image: ArrayLike<number>;
  /** Share of each token `[N]`; none shows the query alone. */
  weights?: ArrayLike<number>;
  /** Number of the token that asks. */
  query?: number;
}

/**
 * Square images with orange where attention goes, the brightest where it is strongest, and the asking patch framed
 * in blue.
 */
export function attentionPicture(
  looks: readonly Look[],
  { columns, scale = 3 }: AttentionPictureOptions,
): ImageBatch {
  const side = Math.sqrt(looks[0]!.image.length), patch = side / columns, big = side * scale;
  const data = new Uint8Array(looks.length * big * big * 3);
  looks.forEach(({ image, weights, query }, i) => {
    const most = weights ? Math.max(...Array.from(weights)) : 1;
    for (let y = 0; y < big; y++) {
      for (let x = 0; x < big; x++) {
        const row = Math.floor(y / scale), column = Math.floor(x / scale);
        const token = Math.floor(row / patch) * columns + Math.floor(column / patch);
        const grey = 210 * step((clamp(image[row * side + column]!) + 1) / 2, 6);
        const heat = weights ? 0.85 * step(weights[token]! / most, 10) : 0;
        const framed = token === query &&
          (isEdge(y, patch * scale, scale) || isEdge(x, patch * scale, scale));
        for (let c = 0; c < 3; c++) {
          const value = framed ? FRAME[c]! : grey * (1 - heat) + HEAT[c]! * heat;
          data[((i * big + y) * big + x) * 3 + c] = Math.round(value);
        }
      }
    }
  });
  return { data, count: looks.length, height: big, width: big, channels: 3 };
}

/**
 * How much weight tokens give on average to the token that lies so many rows and columns away. Attention
 * `[N, N]`, row by row a query; returns `[2r + 1][2r + 1]` for offsets −r … r, the middle is the token itself. Pairs
 * beyond the edge do not count.
 */
export function weightByOffset(
  attention: readonly (readonly number[])[],
  { columns, reach }: { columns: number; reach: number },
): number[][] {
  const size = 2 * reach + 1;
  const sums = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  attention.forEach((weights, query) => {
    weights.forEach((weight, key) => {
      const down = Math.floor(key / columns) - Math.floor(query / columns) + reach;
      const right = key % columns - query % columns + reach;
      if (down < 0 || right < 0 || down >= size || right >= size) return;
      sums[down]![right]! += weight;
      counts[down]![right]!++;
    });
  });
  return sums.map((row, i) => row.map((sum, j) => sum / Math.max(1, counts[i]![j]!)));
}

/** Small maps of one size, each made as bright as it can be, enlarged: `[N, H, W]` → grey images. */
export function mapsAsImages(
  maps: readonly (readonly (readonly number[])[])[],
  options: { most?: number } = {},
): ImageBatch {
  const height = maps[0]!.length, width = maps[0]![0]!.length;
  const data = Float32Array.from(maps.flatMap((map) => {
    const most = options.most ?? Math.max(...map.flat());
    return map.flat().map((value) => 2 * Math.min(1, value / most) - 1);
  }));
  return { data, count: maps.length, height, width, channels: 1 };
}

function isEdge(at: number, period: number, thickness: number): boolean {
  return at % period < thickness || at % period >= period - thickness;
}

/** Rounds to one of so many steps from 0 to 1: pictures of few colours make small files. */
function step(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}

function clamp(value: number): number {
  return Math.max(-1, Math.min(1, value));
}
