import * as tf from "@tensorflow/tfjs-core";
import { compile, type Device } from "../engine/mod.ts";
import { float32, type HostTensor } from "../tensors.ts";

/** The training image nearest to each of N images. */
export interface Neighbours {
  /** Root mean square difference of the pixels, in units of [−1, 1]: 0 for a copy. */
  distance: Float32Array;
  /** Its place in the training set. */
  index: Int32Array;
}

/** Whether samples are closer to the training images than real images are. */
export interface Memorisation {
  /** Median distance from a sample to the nearest training image. */
  samples: number;
  /** The same for held-out real images. */
  heldout: number;
  /** samples / heldout: about 1 for new images, towards 0 for copies. */
  ratio: number;
  /** Share of samples that are nearer than 99 % of the held-out images: about 0.01 for new images. */
  copies: number;
  /** The nearest training image of each sample, to look at. */
  nearest: Neighbours;
}

/** Training images per run. */
const CHUNK = 1000;

/**
 * Looks for copies of training images among samples, all given as images of P pixels in [−1, 1].
 *
 * Nearness alone proves nothing, as some real images lie near each other too: so held-out real images are the measure.
 */
export async function memorisation(
  device: Device,
  samples: Float32Array,
  { train, heldout, pixels = 784 }: {
    train: Float32Array;
    heldout: Float32Array;
    pixels?: number;
  },
): Promise<Memorisation> {
  const nearest = await nearestNeighbours(device, samples, train, pixels);
  const real = (await nearestNeighbours(device, heldout, train, pixels)).distance.toSorted();
  const close = real[Math.floor(0.01 * real.length)]!;
  const [median, realMedian] = [middle(nearest.distance.toSorted()), middle(real)];
  return {
    samples: median,
    heldout: realMedian,
    ratio: median / realMedian,
    copies: nearest.distance.filter((distance) => distance < close).length /
      nearest.distance.length,
    nearest,
  };
}

/** The nearest of the training images `[M, P]` to each of the images `[N, P]`, by the difference of their pixels. */
export async function nearestNeighbours(
  device: Device,
  images: Float32Array,
  train: Float32Array,
  pixels = 784,
): Promise<Neighbours> {
  const queries = rows(images, pixels, "images"), all = rows(train, pixels, "training images");
  const [count, total] = [queries.shape[0]!, all.shape[0]!];
  const size = Math.min(CHUNK, total);
  const program = await compile(device, nearestInChunk, {
    queries: { shape: queries.shape, dtype: "float32" },
    chunk: { shape: [size, pixels], dtype: "float32" },
  });
  const index = new Int32Array(count).fill(-1), best = new Float32Array(count).fill(Infinity);
  for (let from = 0; from < total; from += size) {
    // The last chunk reaches back, so that all have one size.
    const start = Math.min(from, total - size);
    const chunk = float32(
      [size, pixels],
      (all.data as Float32Array<ArrayBuffer>).slice(start * pixels, (start + size) * pixels),
    );
    const { place, square } = await program.run({ queries, chunk });
    for (let i = 0; i < count; i++) {
      if (square!.data[i]! >= best[i]!) continue;
      best[i] = square!.data[i]!;
      index[i] = start + place!.data[i]!;
    }
  }
  await program.dispose();
  return { index, distance: exactDistances(queries, all, index) };
}

/** ‖q − c‖² = ‖q‖² − 2 q·c + ‖c‖² for all pairs; ‖q‖² does not change which is the smallest. */
function nearestInChunk({ queries, chunk }: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  const products = tf.matMul(queries!, chunk!, false, true);
  const squares = tf.sub(tf.sum(tf.square(chunk!), 1), tf.mul(2, products));
  return { place: tf.argMin(squares, 1), square: tf.min(squares, 1) };
}

/** Difference by difference: the difference of large products is too coarse where images are almost equal. */
function exactDistances(queries: HostTensor, all: HostTensor, index: Int32Array): Float32Array {
  const pixels = queries.shape[1]!;
  return Float32Array.from(index, (place, i) => {
    let sum = 0;
    for (let p = 0; p < pixels; p++) {
      sum += (queries.data[i * pixels + p]! - all.data[place * pixels + p]!) ** 2;
    }
    return Math.sqrt(sum / pixels);
  });
}

function middle(sorted: Float32Array): number {
  return (sorted[Math.floor((sorted.length - 1) / 2)]! +
    sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
}

function rows(images: Float32Array, pixels: number, what: string): HostTensor {
  const count = images.length / pixels;
  if (!Number.isInteger(count) || count === 0) {
    throw new RangeError(
      `Cannot compare ${images.length} numbers as ${what} of ${pixels} pixels each`,
    );
  }
  return float32([count, pixels], new Float32Array(images));
}
