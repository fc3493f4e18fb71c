import type { ImageShape } from "../models/mod.ts";
import { normals, type Random } from "../random.ts";
import { sizeOf } from "../tensors.ts";
import type { LatentCodec } from "./codec.ts";

/** Images and what a codec makes of them. */
export interface Reconstruction {
  /** Decoded images, `[N, H, W, 3]` in [−1, 1]. */
  images: Float32Array<ArrayBuffer>;
  /** Mean squared error of each image `[N]`. */
  errors: number[];
  /** Mean over images of their PSNR in dB. */
  psnr: number;
  /** PSNR of the mean error, in dB: never above the mean PSNR. */
  psnrOfMeanError: number;
}

/** Options of {@linkcode reconstruct}. */
export interface ReconstructOptions {
  /**
   * Standard deviation of normal noise that is added to the scaled latents, from this generator: what a sampler's
   * small errors look like to the decoder.
   */
  noise?: { deviation: number; random: Random };
}

/** Encodes images `[N, H, W, 3]`, decodes their latents and compares. */
export async function reconstruct(
  codec: LatentCodec,
  images: Float32Array<ArrayBuffer>,
  imageShape: ImageShape,
  { noise }: ReconstructOptions = {},
): Promise<Reconstruction> {
  const latents = await codec.encode(images, imageShape);
  if (noise) {
    const values = normals(noise.random, latents.length);
    values.forEach((value, i) => latents[i]! += noise.deviation * value);
  }
  const decoded = await codec.decode(latents, codec.latentShape(imageShape));
  return { images: decoded, ...compareImages(images, decoded, sizeOf(imageShape)) };
}

/** Errors of images of `size` numbers each beside the originals. */
export function compareImages(
  originals: Float32Array,
  images: Float32Array,
  size: number,
): Omit<Reconstruction, "images"> {
  const count = originals.length / size;
  const errors = Array.from({ length: count }, (_, n) => {
    let sum = 0;
    for (let i = n * size; i < (n + 1) * size; i++) sum += (images[i]! - originals[i]!) ** 2;
    return sum / size;
  });
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / count;
  return {
    errors,
    psnr: mean(errors.map(psnrOf)),
    psnrOfMeanError: psnrOf(mean(errors)),
  };
}

/** Peak signal-to-noise ratio of a mean squared error of images in [−1, 1], in dB: 10 log₁₀(2² / error). */
export function psnrOf(error: number): number {
  return 10 * Math.log10(4 / error);
}
