import type { Device } from "../engine/mod.ts";
import { compile } from "../engine/mod.ts";
import { float32, type HostRecord, type HostTensor, sizeOf } from "../tensors.ts";
import { CLASSES, classify, FEATURES, IMAGE_SHAPE } from "./classifier.ts";

/** What the classifier makes of N images. */
export interface Reading {
  /** `[N, 64]` */
  features: HostTensor;
  /** `[N, 10]` */
  logits: HostTensor;
  /** The class of the highest logit, N numbers. */
  labels: Uint8Array<ArrayBuffer>;
}

/** A classifier ready to read images. */
export interface ImageReader {
  /** Reads images `[N, 28, 28, 1]` in [−1, 1], any N. */
  read(images: Float32Array): Promise<Reading>;
  dispose(): Promise<void>;
}

/** Images per run: one program of a fixed shape serves any number. */
const BATCH = 250;
const PIXELS = sizeOf(IMAGE_SHAPE);

/** Compiles a trained classifier. */
export async function openImageReader(device: Device, params: HostRecord): Promise<ImageReader> {
  const inputs = { images: { shape: [BATCH, ...IMAGE_SHAPE], dtype: "float32" as const } };
  const program = await compile(
    device,
    ({ images, ...weights }) => ({ ...classify(weights, images!) }),
    inputs,
    { constants: params },
  );
  return {
    async read(images) {
      const count = images.length / PIXELS;
      if (!Number.isInteger(count)) {
        throw new RangeError(
          `Cannot read ${images.length} numbers as images of ${IMAGE_SHAPE.join("×")}`,
        );
      }
      const features = new Float32Array(count * FEATURES);
      const logits = new Float32Array(count * CLASSES);
      for (let from = 0; from < count; from += BATCH) {
        const size = Math.min(BATCH, count - from);
        const batch = new Float32Array(BATCH * PIXELS);
        batch.set(images.subarray(from * PIXELS, (from + size) * PIXELS));
        const part = await program.run({ images: float32(inputs.images.shape, batch) });
        features.set(part.features!.data.subarray(0, size * FEATURES), from * FEATURES);
        logits.set(part.logits!.data.subarray(0, size * CLASSES), from * CLASSES);
      }
      return {
        features: float32([count, FEATURES], features),
        logits: float32([count, CLASSES], logits),
        labels: highest(logits, count),
      };
    },
    dispose: () => program.dispose(),
  };
}

/** Share of equal labels, 0 … 1. */
export function accuracy(read: ArrayLike<number>, right: ArrayLike<number>): number {
  let same = 0;
  for (let i = 0; i < right.length; i++) same += Number(read[i] === right[i]);
  return same / right.length;
}

function highest(logits: Float32Array, count: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => {
    const row = logits.subarray(i * CLASSES, (i + 1) * CLASSES);
    return row.indexOf(Math.max(...row));
  });
}
