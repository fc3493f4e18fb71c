import { forkRandom, shuffle } from "../random.ts";
import type { Dataset } from "./dataset.ts";

/** Images [B, H, W, C] in [−1, 1] and their labels [B]. */
export interface Batch {
  images: Float32Array<ArrayBuffer>;
  labels: Int32Array<ArrayBuffer>;
}

/** Where a stream of batches stands: plain, so that it can be written to JSON. */
export interface BatchesState {
  /** How many times the dataset has been gone through. */
  epoch: number;
  /** How many images of this epoch have been handed out. */
  position: number;
  seed: number;
  fingerprint: string;
}

/** An endless stream of batches in seeded random order. */
export interface Batches {
  /** The next batch, and where its images lie in the dataset [B]. */
  next(): Batch & { indices: Uint32Array<ArrayBuffer> };
  save(): BatchesState;
  /** Continues exactly where `save()` was called. */
  restore(state: BatchesState): void;
}

/**
 * Batches of a dataset, shuffled anew each epoch, endlessly.
 *
 * Each image comes exactly once per epoch; the batch in which an epoch ends is filled up from the
 * next one, so all batches have the same size, also when the dataset is smaller than a batch. The
 * order of an epoch follows from the seed and the epoch's number alone.
 */
export function createBatches(
  dataset: Dataset,
  { batchSize, seed }: { batchSize: number; seed: number },
): Batches {
  if (!(Number.isSafeInteger(batchSize) && batchSize > 0)) {
    throw new RangeError(
      `Cannot make batches of ${batchSize}: the batch size must be a whole number above 0`,
    );
  }
  if (dataset.size === 0) {
    throw new RangeError(`Cannot make batches of ${dataset.name}: it is empty`);
  }

  let epoch = 0, position = 0, order = epochOrder(dataset.size, seed, epoch);
  return {
    next() {
      const chosen = new Uint32Array(batchSize);
      for (let i = 0; i < batchSize; i++) {
        if (position === dataset.size) {
          [epoch, position] = [epoch + 1, 0];
          order = epochOrder(dataset.size, seed, epoch);
        }
        chosen[i] = order[position++]!;
      }
      return { ...batchOf(dataset, chosen), indices: chosen };
    },
    save: () => ({ epoch, position, seed, fingerprint: dataset.fingerprint }),
    restore(state) {
      checkState(state, dataset, seed);
      ({ epoch, position } = state);
      order = epochOrder(dataset.size, seed, epoch);
    },
  };
}

/** The images and labels at the given indices, pixels mapped from 0 … 255 to [−1, 1]. */
export function batchOf(dataset: Dataset, indices: ArrayLike<number>): Batch {
  const [height, width, channels] = dataset.shape, pixels = height * width * channels;
  const images = new Float32Array(indices.length * pixels), labels = new Int32Array(indices.length);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (!(index >= 0 && index < dataset.size)) {
      throw new RangeError(`Cannot take image ${index} of ${dataset.name}: it has ${dataset.size}`);
    }
    for (let p = 0; p < pixels; p++) {
      images[i * pixels + p] = dataset.images[index * pixels + p]! / 127.5 - 1;
    }
    labels[i] = dataset.labels[index]!;
  }
  return { images, labels };
}

function epochOrder(size: number, seed: number, epoch: number): Uint32Array {
  return shuffle(forkRandom(seed, `order of epoch ${epoch}`), Uint32Array.from(range(size)));
}

function* range(size: number): Generator<number> {
  for (let i = 0; i < size; i++) yield i;
}

function checkState(state: BatchesState, dataset: Dataset, seed: number): void {
  if (state.fingerprint !== dataset.fingerprint) {
    throw new RangeError(
      `Cannot continue with ${dataset.fingerprint}: the position was saved for ${state.fingerprint}`,
    );
  }
  if (state.seed !== seed) {
    throw new RangeError(
      `Cannot continue with seed ${seed}: the position was saved for ${state.seed}`,
    );
  }
  const { epoch, position } = state;
  if (
    !(Number.isSafeInteger(epoch) && epoch >= 0) ||
    !(Number.isSafeInteger(position) && position >= 0 && position <= dataset.size)
  ) {
    throw new RangeError(
      `Cannot continue at epoch ${epoch}, position ${position}: ` +
        `expected whole numbers, the position at most ${dataset.size}`,
    );
  }
}
