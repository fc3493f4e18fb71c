import type { ImageShape } from "../models/mod.ts";

/** Turns images into latents and back. Latents that leave or enter it have about zero mean and unit variance. */
export interface LatentCodec {
  readonly name: string;
  /** Differs whenever the same image gives another latent: stored with shards and runs. */
  readonly fingerprint: string;
  /** Shape of the latents of images of a shape, `[h, w, c]`; throws a RangeError if it cannot encode them. */
  latentShape(imageShape: ImageShape): ImageShape;
  /** Images `[B, H, W, 3]` in [−1, 1] → scaled latents `[B, h, w, c]`: the posterior's mean. */
  encode(
    images: Float32Array<ArrayBuffer>,
    imageShape: ImageShape,
  ): Promise<Float32Array<ArrayBuffer>>;
  /** Scaled latents `[B, h, w, c]` → images `[B, H, W, 3]` in [−1, 1]. */
  decode(
    latents: Float32Array<ArrayBuffer>,
    latentShape: ImageShape,
  ): Promise<Float32Array<ArrayBuffer>>;
  dispose(): Promise<void>;
}
