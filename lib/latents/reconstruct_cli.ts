/**
 * deno task reconstruct: measures what an autoencoder keeps of pictures that nobody learned from.
 *
 *     deno task reconstruct                                the one that comes with the course
 *     deno task reconstruct runs/mine.safetensors --out runs/mine.png
 */
import { oneOf, readArguments, runCommand, wholeNumber } from "../arguments.ts";
import { batchOf, DATASETS, loadDataset } from "../data/mod.ts";
import { writeFileWhole } from "../disk.ts";
import { imageGrid } from "../display/image_grid.ts";
import { createRandom } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import type { LatentCodec } from "./codec.ts";
import { openCodec } from "./open_codec.ts";
import { reconstruct, type Reconstruction } from "./reconstruction.ts";
import { collectStatistics } from "./scaling.ts";

const USAGE = `deno task reconstruct [CODEC] [options]

  CODEC              vae (comes with the course), or an autoencoder's .safetensors file
  --data pictures    which dataset
  --images 512       how many of its images that are kept aside
  --out FILE         a .png file with some of them; runs/reconstruction.png by default
`;

const OPTIONS = { data: "value", images: "value", out: "value", help: "flag" } as const;

/** Heights and widths of the images, in pixels. */
const SIZES = [64, 32];
/** Deviations of noise that is added to scaled latents. */
const NOISE = [0.1, 0.2, 0.4];
/** Images in a row of the picture. */
const COLUMNS = 8;
/** How much differences are enlarged in the picture. */
const ENLARGED = 4;

/** Runs one command line; throws an error of one sentence for what cannot be done. */
export async function runReconstruct(
  args: readonly string[],
  print: (line: string) => void = console.log,
): Promise<void> {
  const { words, options } = readArguments(args, OPTIONS);
  if (options.help) return print(USAGE);
  const data = oneOf("data", options.data?.[0] ?? "pictures", Object.keys(DATASETS));
  const count = wholeNumber("images", options.images?.[0] ?? "512", COLUMNS, 50_000);
  const out = options.out?.[0] ?? "runs/reconstruction.png";
  const codec = await openCodec(words[0] ?? "vae");
  const rows: PictureRow[] = [];
  try {
    for (const size of SIZES) {
      const dataset = await loadDataset(data, { split: "heldout", size: count, imageSize: size });
      const indices = Array.from({ length: dataset.size }, (_, i) => i);
      const { images } = batchOf(dataset, indices);
      rows.push(...await measure(codec, images, dataset.shape, print));
    }
  } finally {
    await codec.dispose();
  }
  await writeFileWhole(out, await draw(rows));
  print(`${COLUMNS} of them are in ${out}`);
}

/** Images of one kind, side by side. */
interface PictureRow {
  title: string;
  /** `[COLUMNS, size, size, 3]`. */
  images: Float32Array;
  size: number;
}

/** Prints what is kept of images of one size; returns some of them. */
async function measure(
  codec: LatentCodec,
  images: Float32Array<ArrayBuffer>,
  shape: readonly [number, number, number],
  print: (line: string) => void,
): Promise<PictureRow[]> {
  const [size] = shape, latentShape = codec.latentShape(shape);
  const statistics = collectStatistics(latentShape[2]);
  const count = images.length / sizeOf(shape);
  statistics.add(await codec.encode(images, shape), count);
  const { mean, deviation } = statistics.result();
  const plain = await reconstruct(codec, images, shape);
  const sorted = plain.errors.toSorted((a, b) => a - b);
  const psnr = (error: number) => 10 * Math.log10(4 / error);
  print(`${count} images of ${size} pixels, latents [${latentShape.join(", ")}]`);
  print(`  PSNR ${describe(plain)}; ${psnr(sorted.at(-1)!).toFixed(2)} dB for the worst image`);
  const noisy: Reconstruction[] = [];
  for (const deviation of NOISE) {
    const noise = { deviation, random: createRandom(0) };
    noisy.push(await reconstruct(codec, images, shape, { noise }));
    print(`  with noise of deviation ${deviation} on the latents: ${describe(noisy.at(-1)!)}`);
  }
  print(`  mean of each channel ${list(mean)}; deviation ${list(deviation)}`);

  const some = (values: Float32Array) => values.subarray(0, COLUMNS * sizeOf(shape));
  const title = (what: string) => `${size}: ${what}`;
  const originals = some(images), back = some(plain.images);
  const difference = back.map((value, i) => ENLARGED * (value - originals[i]!));
  const row = (what: string, images: Float32Array) => ({ title: title(what), images, size });
  return [
    row("original", originals),
    row("reconstructed", back),
    row(`difference ×${ENLARGED}`, difference),
    row(`noise ${NOISE[1]}`, some(noisy[1]!.images)),
  ];
}

/** All rows as one picture; smaller images are enlarged to the size of the largest. */
async function draw(rows: readonly PictureRow[]): Promise<Uint8Array> {
  const side = Math.max(...rows.map(({ size }) => size)), pixels = side * side * 3;
  const data = new Float32Array(rows.length * COLUMNS * pixels);
  rows.forEach(({ images, size }, row) => {
    for (let i = 0; i < COLUMNS * pixels; i++) {
      const [n, y, x, c] = [
        Math.floor(i / pixels),
        Math.floor(i / (side * 3)) % side,
        Math.floor(i / 3) % side,
        i % 3,
      ];
      const from = (at: number) => Math.floor(at * size / side);
      data[row * COLUMNS * pixels + i] = images[((n * size + from(y)) * size + from(x)) * 3 + c]!;
    }
  });
  return await imageGrid(
    { data, count: rows.length * COLUMNS, height: side, width: side, channels: 3 },
    { columns: COLUMNS, rowTitles: rows.map(({ title }) => title), scale: 1, density: 2 },
  );
}

function describe({ psnr, psnrOfMeanError }: Reconstruction): string {
  return `${psnr.toFixed(2)} dB (of the mean error: ${psnrOfMeanError.toFixed(2)} dB)`;
}

function list(values: readonly number[]): string {
  return values.map((value) => value.toFixed(2)).join(", ");
}

if (import.meta.main) {
  await runCommand(runReconstruct);
}
