import { exportOnnx } from "../engine/mod.ts";
import { type ImageShape, latentShapeOf } from "../models/mod.ts";
import type { SpecRecord } from "../tensors.ts";
import type { Autoencoder } from "./autoencoder_file.ts";
import { codecFunction, type Direction } from "./vae_codec.ts";

/** One direction of an autoencoder as an ONNX file. */
export interface ExportedCodec {
  bytes: Uint8Array<ArrayBuffer>;
  /** What the file takes; it gives the other of `images` and `latents`. */
  inputs: SpecRecord;
}

/**
 * Encoder or decoder as the bytes of an `.onnx` file of standard operators, weights and scaling inside:
 * `images` `[count, H, W, 3]` in [−1, 1] → `latents` `[count, h, w, c]` of about unit variance, or back.
 */
export function exportCodec(
  autoencoder: Autoencoder,
  direction: Direction,
  { imageShape, count = 1 }: { imageShape: ImageShape; count?: number },
): ExportedCodec {
  const latentShape = latentShapeOf(autoencoder.options, imageShape);
  const shape = direction === "encode" ? imageShape : latentShape;
  const { fn, inputs, constants } = codecFunction(autoencoder, direction, shape, count);
  return { bytes: exportOnnx(fn, inputs, { constants, floats: "F16" }), inputs };
}
