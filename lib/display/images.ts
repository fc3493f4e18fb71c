import type * as tf from "@tensorflow/tfjs-core";
import type { HostTensor } from "../tensors.ts";
import type { ImageBatch } from "./image_grid.ts";

/**
 * Images of a tensor [B, H, W, C] with values in [−1, 1], C = 1 (grey) or 3 (RGB); a tensor [H, W, C] is one image.
 *
 * Throws a RangeError for other shapes.
 */
export function imagesOf(tensor: tf.Tensor | HostTensor): ImageBatch {
  const { shape } = tensor;
  const [count, height, width, channels] = shape.length === 3 ? [1, ...shape] : shape;
  if (shape.length < 3 || shape.length > 4 || (channels !== 1 && channels !== 3)) {
    throw new RangeError(
      `Cannot show a tensor [${
        shape.join(", ")
      }] as images: expected [B, H, W, C] with C = 1 (grey) or 3 (RGB)`,
    );
  }
  const values = "data" in tensor && !("dataSync" in tensor) ? tensor.data : tensor.dataSync();
  return {
    data: Float32Array.from(values),
    count: count!,
    height: height!,
    width: width!,
    channels,
  };
}
