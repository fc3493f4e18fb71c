import { imageGrid } from "../../display/image_grid.ts";
import type { AskedModel } from "./asked_model.ts";
import type { Conditioning, DrawnForConditioning } from "./measure.ts";

/** Both sets of pictures in one grid of two parts: all wishes from one noise above, one wish from all noises below. */
export async function conditioningGrid(
  asked: AskedModel,
  { wishes, seeds }: Conditioning,
  { sameNoise, sameWish }: DrawnForConditioning,
  title: string,
): Promise<Uint8Array<ArrayBuffer>> {
  const columns = Math.max(wishes.length > 1 ? wishes.length : 0, seeds.length);
  const parts = wishes.length > 1 ? [sameNoise, sameWish] : [sameWish];
  const shown = await Promise.all(parts.map((part) => asked.show(part)));
  const [height, width, channels] = shown[0]!.shape as [number, number, number];
  const pixels = height * width * channels;
  // Where one part is shorter, its row ends with paper.
  const data = new Float32Array(parts.length * columns * pixels).fill(PAPER);
  shown.forEach(({ images }, row) => data.set(images, row * columns * pixels));
  const coloured = channels === 3;
  const labels = [
    ...(wishes.length > 1 ? padded(wishes, columns) : []),
    ...padded(seeds.map((seed) => `noise ${seed}`), columns),
  ];
  return await imageGrid({ data, count: parts.length * columns, height, width, channels }, {
    columns,
    title,
    labels,
    rowTitles: wishes.length > 1 ? [`noise ${seeds[0]}`, wishes[0]!] : ["noises"],
    ...(coloured && { scale: 2, wordWidth: 120 }),
  });
}

/** The brightness of the page, 252 of 255, in the range of pictures. */
const PAPER = 2 * 252 / 255 - 1;

function padded(words: readonly string[], length: number): string[] {
  return Array.from({ length }, (_, i) => words[i] ?? "");
}
