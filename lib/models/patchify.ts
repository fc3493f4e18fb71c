import * as tf from "@tensorflow/tfjs-core";
import type { ImageShape } from "./model.ts";

/**
 * Cuts images into square patches, row by row: `[B, H, W, C]` → `[B, (H / patch) · (W / patch), patch · patch · C]`.
 * Within a patch pixels lie row by row, their channels together.
 */
export function patchify(images: tf.Tensor, patch: number): tf.Tensor {
  if (images.shape.length !== 4) {
    throw new RangeError(
      `Cannot patchify image: shape is [${images.shape.join(", ")}], expected [B, H, W, C]`,
    );
  }
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const { rows, columns } = patchGrid([height, width, channels], patch);
  // A row of a patch and its channels stay together, so that only two axes change places.
  const cut = tf.reshape(images, [batch * rows, patch, columns, patch * channels]);
  const patches = tf.transpose(cut, [0, 2, 1, 3]);
  return tf.reshape(patches, [batch, rows * columns, patch * patch * channels]);
}

/** Puts patches together again: the inverse of {@linkcode patchify}. */
export function unpatchify(patches: tf.Tensor, patch: number, image: ImageShape): tf.Tensor {
  const [height, width, channels] = image;
  const { rows, columns } = patchGrid(image, patch);
  const [batch, count, size] = patches.shape as [number, number, number];
  if (patches.shape.length !== 3 || count !== rows * columns || size !== patch ** 2 * channels) {
    throw new RangeError(
      `Cannot unpatchify: patches have shape [${patches.shape.join(", ")}], expected ` +
        `[B, ${rows * columns}, ${patch ** 2 * channels}] for an image [${image.join(", ")}]`,
    );
  }
  const cut = tf.reshape(patches, [batch * rows, columns, patch, patch * channels]);
  return tf.reshape(tf.transpose(cut, [0, 2, 1, 3]), [batch, height, width, channels]);
}

/** One number per patch as an image of one channel: `[B, N]` → `[B, H, W, 1]`, the same within a patch. */
export function spreadTokens(values: tf.Tensor, patch: number, image: ImageShape): tf.Tensor {
  const [batch, count] = values.shape as [number, number];
  const filled = tf.tile(tf.reshape(values, [batch, count, 1]), [1, 1, patch * patch]);
  return unpatchify(filled, patch, [image[0], image[1], 1]);
}

/** How many patches an image has in each direction. */
export function patchGrid(image: ImageShape, patch: number): { rows: number; columns: number } {
  const [height, width] = image;
  if (!Number.isInteger(patch) || patch < 1) {
    throw new RangeError(`Cannot patchify image: patch ${patch} is not a positive whole number`);
  }
  for (const [side, length] of [["height", height], ["width", width]] as const) {
    if (length % patch !== 0) {
      throw new RangeError(
        `Cannot patchify image: ${side} ${length} is not divisible by patch ${patch}`,
      );
    }
  }
  return { rows: height / patch, columns: width / patch };
}
